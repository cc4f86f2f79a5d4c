package dev.rebound.operators.ranking;

import static dev.rebound.operators.Campaigns.aCampaign;
import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Campaigns;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.retrieval.CampaignTable;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.TableBuilder;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserCampaigns;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.Scenario;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CampaignRankingTest {
    private final TableBuilder shop = new TableBuilder();
    private final CampaignTable campaigns = new CampaignTable();

    /** Tea is bought by everybody, lamps by few. */
    @BeforeEach
    void aShop() {
        for (int i = 0; i < 5; i++) {
            shop.item("tea" + i).in("tea").popular(100).put();
            shop.item("lamp" + i).in("lamps").popular(1).put();
        }
        shop.item("gone").in("lamps").notOffered().put();
    }

    private void runs(Campaigns campaign) {
        campaigns.update(campaign.defined().campaignKey, campaign.entry(), false);
    }

    private static ScoringTask aRequest(int count) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.scenario = Scenario.CAMPAIGN;
        task.userId = "u";
        task.count = count;
        task.timeMillis = START;
        return task;
    }

    private static ScoringTask aRequestAfterBuying(String... itemIds) {
        ScoringTask task = aRequest(10);
        for (String itemId : itemIds) {
            task.recent.add(ItemKey.of(itemId), EventType.PURCHASE.ordinal(), START - 1000);
        }
        return task;
    }

    private List<RecommendedItem> rank(ScoringTask task) {
        return new CampaignRanking(shop.table(), campaigns, 0).rank(task, 0);
    }

    private static List<String> ids(List<RecommendedItem> shown) {
        return shown.stream().map(RecommendedItem::getItemId).toList();
    }

    @Test
    void aStrangerIsShownWhatEverybodyBuysFirst() {
        runs(aCampaign("on-lamps").on("lamp0", "lamp1"));
        runs(aCampaign("on-tea").on("tea0", "tea1"));
        List<RecommendedItem> shown = rank(aRequest(10));

        assertThat(ids(shown)).containsExactly("on-tea", "on-lamps");
        assertThat(shown.get(0).getReasons()).containsExactly("popular-offer");
    }

    @Test
    void whatTheUserBuysComesBeforeItsCategoryAndThatBeforeWhatEverybodyBuys() {
        runs(aCampaign("on-tea").on("tea0", "tea1"));
        runs(aCampaign("on-other-lamps").on("lamp2", "lamp3", "lamp4"));
        runs(aCampaign("on-the-lamp").on("lamp0"));
        String[] lamps = new String[30];
        for (int i = 0; i < lamps.length; i++) {
            lamps[i] = i % 2 == 0 ? "lamp0" : "lamp1";
        }
        List<RecommendedItem> shown = rank(aRequestAfterBuying(lamps));

        assertThat(ids(shown)).containsExactly("on-the-lamp", "on-other-lamps", "on-tea");
        assertThat(shown.get(0).getReasons()).containsExactly("covers-item:lamp0", "covers-your:lamps");
        assertThat(shown.get(1).getReasons()).containsExactly("covers-your:lamps");
    }

    @Test
    void aCategoryCampaignCoversTheUsersItemsOfTheCategory() {
        runs(aCampaign("on-tea").on("tea0"));
        runs(aCampaign("on-all-lamps").onCategory("lamps", "no such category"));
        List<RecommendedItem> shown = rank(aRequestAfterBuying("lamp0", "lamp1", "lamp0", "lamp1"));

        assertThat(ids(shown)).containsExactly("on-all-lamps", "on-tea");
        assertThat(shown.get(0).getReasons()).containsExactly("covers-item:lamp1", "covers-your:lamps");
    }

    @Test
    void ofTwoAlikeTheOneThatSavesMoreComesFirst() {
        CampaignTable table = new CampaignTable();
        ItemTable items = new ItemTable();
        ItemState state = new ItemState();
        state.entry = new CatalogEntry("cup", null, null, 1000, true, new int[0], new long[0], new float[0], START);
        items.update(ItemKey.of("cup"), state);
        for (Campaigns each : List.of(
                aCampaign("a").on("cup").discount(100), aCampaign("b").on("cup").discount(500))) {
            table.update(each.defined().campaignKey, each.entry(), false);
        }
        List<RecommendedItem> shown = new CampaignRanking(items, table, 0).rank(aRequest(10), 0);

        assertThat(ids(shown)).containsExactly("b", "a");
        assertThat(shown.get(0).getScore() / shown.get(1).getScore()).isEqualTo(1.5f / 1.1f);
    }

    @Test
    void onlyWhatRunsIsOfferedHasBudgetAndIsUnderTheCapsIsShown() {
        runs(aCampaign("fits").on("tea0").capped(2, 1));
        runs(aCampaign("not-yet").on("tea0").startingAt(START + 1));
        runs(aCampaign("over").on("tea0").startingAt(START - Duration.ofDays(2).toMillis()));
        runs(aCampaign("nothing-on-offer").on("gone", "never heard of"));
        runs(aCampaign("seen-enough").on("tea0").capped(2, 5));
        runs(aCampaign("redeemed").on("tea0").capped(5, 1));
        runs(aCampaign("spent").on("tea0").budget(1));
        campaigns.spending(ItemKey.of("spent"), true);
        runs(aCampaign("ended").on("tea0"));
        campaigns.update(ItemKey.of("ended"), null, false);
        ScoringTask task = aRequest(10);
        task.campaigns = new UserCampaigns();
        task.campaigns.shown(ItemKey.of("fits"));
        task.campaigns.shown(ItemKey.of("seen-enough"));
        task.campaigns.shown(ItemKey.of("seen-enough"));
        task.campaigns.redeemed(ItemKey.of("redeemed"));

        assertThat(ids(rank(task))).containsExactly("fits");
    }

    @Test
    void onlyTheCampaignsThatTheRequestNamesAreRankedEachOnce() {
        runs(aCampaign("a").on("tea0"));
        runs(aCampaign("b").on("tea0", "tea1"));
        runs(aCampaign("not-held").on("tea0", "tea1", "tea2"));
        ScoringTask task = aRequest(10);
        task.candidates = new long[] {ItemKey.of("a"), ItemKey.of("unknown"), ItemKey.of("b"), ItemKey.of("a")};

        assertThat(ids(rank(task))).containsExactly("b", "a");
    }

    @Test
    void anItemThatIsOfferedLaterOpensItsCampaign() {
        runs(aCampaign("on-the-new-one").on("new"));
        CampaignRanking ranking = new CampaignRanking(shop.table(), campaigns, 0);
        assertThat(ranking.rank(aRequest(10), 0)).isEmpty();
        shop.item("new").in("lamps").put();

        assertThat(ids(ranking.rank(aRequest(10), Duration.ofMinutes(1).toNanos())))
                .containsExactly("on-the-new-one");
    }

    /** How often each campaign is shown in 1,000 lists of two, of ten campaigns of which two are far better. */
    private Map<String, Integer> showings(double floor) {
        runs(aCampaign("best").on("tea0", "tea1", "tea2"));
        runs(aCampaign("good").on("tea0", "tea1"));
        for (int i = 0; i < 8; i++) {
            runs(aCampaign("poor" + i).on("lamp" + i % 5));
        }
        CampaignRanking ranking = new CampaignRanking(shop.table(), campaigns, floor);
        Map<String, Integer> showings = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            List<RecommendedItem> shown = ranking.rank(aRequest(2), 0);
            assertThat(shown).hasSize(2);
            assertThat(shown.get(0).getItemId()).isEqualTo("best");
            shown.forEach(campaign -> showings.merge(campaign.getItemId(), 1, Integer::sum));
        }
        return showings;
    }

    @Test
    void withoutAFloorValueAloneDecides() {
        assertThat(showings(0)).containsOnlyKeys("best", "good");
    }

    @Test
    void everyCampaignHasTheFloorsPartOfAnEvenShare() {
        double even = 1000 * 2 / 10.0;

        Map<String, Integer> showings = showings(0.2);

        assertThat(showings).hasSize(10);
        assertThat(showings.values()).allMatch(count -> count >= 0.2 * even - 1);
        assertThat(showings.get("good")).isGreaterThanOrEqualTo((int) (1000 - 0.2 * 1000 * 2));
    }
}
