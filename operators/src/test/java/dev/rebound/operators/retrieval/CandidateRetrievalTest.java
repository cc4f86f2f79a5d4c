package dev.rebound.operators.retrieval;

import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.user.RecentItems;
import dev.rebound.schemas.EventType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateRetrievalTest {
    private final TableBuilder shop = new TableBuilder();
    private final RecentItems recent = new RecentItems();
    private final RecentSlots slots = new RecentSlots();
    private final UserInterests interests = new UserInterests();
    private final Candidates candidates = new Candidates(20);
    private int[] query = {};

    private List<String> retrieve(long contextKey, long... requested) {
        PopularItems popular = shop.popular();
        slots.resolve(recent, shop.table());
        interests.compute(recent, slots, shop.table(), START);
        RetrievalRequest request =
                new RetrievalRequest().user(recent, slots, interests, START).near(matches);
        request.contextKey = contextKey;
        request.only = requested.length == 0 ? null : requested;
        request.query = query;
        new CandidateRetrieval(shop.table(), popular, new SessionIndex(1)).retrieve(request, candidates);
        List<String> ids = new ArrayList<>();
        for (int c = 0; c < candidates.size(); c++) {
            ids.add(shop.table().item(candidates.slots[c]).itemId);
        }
        return ids;
    }

    private void viewed(String itemId) {
        recent.add(ItemKey.of(itemId), EventType.VIEW.ordinal(), START);
    }

    @Test
    void whatOthersWentToComesFirstTheLikeliestAhead() {
        shop.item("seen").leadingTo("b", 1).leadingTo("a", 3).put();
        shop.item("a").put().item("b").put().item("hit").popular(100).put();
        viewed("seen");

        List<String> found = retrieve(ItemKey.NONE);

        assertThat(found).startsWith("a", "b").contains("hit");
        assertThat(candidates.covisitLast[0]).isEqualTo(0.75f);
        assertThat(candidates.sources[0]).isEqualTo(Candidates.CO_VISITATION);
    }

    @Test
    void anItemThatSeveralSourcesBringIsOneCandidate() {
        shop.item("seen").in("lamps").leadingTo("a", 1).put();
        shop.item("a").in("lamps").popular(9).put();
        viewed("seen");

        assertThat(retrieve(ItemKey.NONE)).containsOnlyOnce("a");
    }

    @Test
    void popularAndNewItemsOfTheUsersCategoryAreFound() {
        shop.item("seen").in("lamps").put();
        shop.item("old").in("lamps").popular(50).firstSeen(START - 1000).put();
        shop.item("new").in("lamps").firstSeen(START + 1000).put();
        shop.item("elsewhere").in("sofas").popular(60).put();
        viewed("seen");

        List<String> found = retrieve(ItemKey.NONE);

        assertThat(found).contains("old", "new", "elsewhere");
        assertThat(candidates.sources[found.indexOf("new")] & Candidates.NEW_IN_CATEGORY)
                .isNotZero();
        assertThat(candidates.sources[found.indexOf("elsewhere")]).isEqualTo(Candidates.TRENDING);
    }

    @Test
    void whatWasBoughtIsACandidateAgainOnceAnHourHasPassed() {
        shop.item("tea").put();
        recent.add(ItemKey.of("tea"), EventType.PURCHASE.ordinal(), START - 3_599_999);
        assertThat(retrieve(ItemKey.NONE)).isEmpty();

        RecentItems earlier = new RecentItems();
        earlier.add(ItemKey.of("tea"), EventType.PURCHASE.ordinal(), START - 3_600_000);
        recent.copyFrom(earlier);
        assertThat(retrieve(ItemKey.NONE)).containsExactly("tea");
    }

    @Test
    void whatIsNotOfferedOrNotInTheCatalogIsNoCandidate() {
        shop.item("seen").leadingTo("gone", 5).leadingTo("unknown", 5).put();
        shop.item("gone").popular(9).notOffered().put();
        viewed("seen");

        assertThat(retrieve(ItemKey.NONE)).containsExactly("seen");
    }

    @Test
    void candidatesOfTheRequestAreTheOnlyOnes() {
        shop.item("a").put().item("b").put().item("hit").popular(100).put();

        assertThat(retrieve(ItemKey.NONE, ItemKey.of("b"), ItemKey.of("unknown"), ItemKey.of("a")))
                .containsExactly("b", "a");
    }

    @Test
    void whatHasTheWordsOfAQueryIsAllThereIsTheBestFirst() {
        shop.item("one")
                .about(1, 5)
                .put()
                .item("both")
                .about(1, 2)
                .put()
                .item("none")
                .about(3)
                .popular(9)
                .put();
        query = new int[] {1, 2};

        assertThat(retrieve(ItemKey.NONE)).containsExactly("both", "one");
        assertThat(candidates.isAnswerToQuery()).isTrue();
        assertThat(candidates.lexicalShare[0]).isEqualTo(1);
        assertThat(candidates.lexicalShare[1]).isBetween(0.1f, 0.9f);
        assertThat(candidates.lexicalScore[0]).isGreaterThan(candidates.lexicalScore[1]);
    }

    @Test
    void aQueryThatNothingMatchesGivesTheUsualItems() {
        shop.item("hit").about(3).popular(9).put();
        query = new int[] {1, 2};

        assertThat(retrieve(ItemKey.NONE)).containsExactly("hit");
        assertThat(candidates.isAnswerToQuery()).isFalse();
    }

    @Test
    void anItemThatCameAfterAnEmptyCatalogWasCountedIsAsPopularAsTheMean() {
        PopularItems popular = shop.popular();
        shop.item("a").popular(9).put();

        assertThat(popular.timesTheMean(shop.table().item(0))).isEqualTo(1);
    }

    @Test
    void ofItemsWithTheSameWordsThePopularOneIsAhead() {
        shop.item("a").about(1).put().item("b").about(1).popular(9).put();
        query = new int[] {1};

        assertThat(retrieve(ItemKey.NONE)).containsExactly("b", "a");
    }

    @Test
    void anItemIsFoundByItsWordsOfNowOnly() {
        shop.item("a").about(1, 2).put().item("b").about(1).put();
        shop.item("a").about(2, 3).put();
        shop.item("b").about(1).notOffered().put();
        query = new int[] {3};
        assertThat(retrieve(ItemKey.NONE)).containsExactly("a");
        query = new int[] {1};

        assertThat(retrieve(ItemKey.NONE)).as("of the usual ones").containsExactly("a");
        assertThat(candidates.isAnswerToQuery()).isFalse();
    }

    @Test
    void candidatesOfASearchAreRatedByItsWords() {
        shop.item("a").about(1).put().item("b").about(2).put();
        query = new int[] {2};

        assertThat(retrieve(ItemKey.NONE, ItemKey.of("a"), ItemKey.of("b"))).containsExactly("a", "b");
        assertThat(candidates.lexicalShare[0]).isZero();
        assertThat(candidates.lexicalShare[1]).isEqualTo(1);
    }

    @Test
    void aWordThatVeryManyItemsHaveDoesNotHideARareOne() {
        for (int i = 0; i < 11_000; i++) {
            shop.item("i" + i).about(1).put();
        }
        shop.item("rare").about(1, 2).put();
        for (int i = 11_000; i < 22_000; i++) {
            shop.item("i" + i).about(1).put();
        }
        query = new int[] {1, 2};

        assertThat(retrieve(ItemKey.NONE)).startsWith("rare").hasSize(20);
    }

    @Test
    void theContextItemLeadsAndIsNotACandidateItself() {
        shop.item("page").leadingTo("a", 1).put().item("seen").leadingTo("b", 1).put();
        shop.item("a").put().item("b").put();
        viewed("seen");

        assertThat(retrieve(ItemKey.of("page"))).startsWith("a", "b").doesNotContain("page");
    }

    @Test
    void oneUsersCandidatesLeaveNoTraceInTheNexts() {
        shop.item("seen").leadingTo("a", 1).put().item("a").put();
        viewed("seen");
        CandidateRetrieval retrieval = new CandidateRetrieval(shop.table(), shop.popular(), new SessionIndex(1));
        slots.resolve(recent, shop.table());
        RetrievalRequest request = new RetrievalRequest();
        retrieval.retrieve(request.user(recent, slots, interests, START), candidates);
        slots.resolve(new RecentItems(), shop.table());
        retrieval.retrieve(request.user(new RecentItems(), slots, interests, START), candidates);

        for (int c = 0; c < candidates.size(); c++) {
            assertThat(candidates.covisitRecent[c]).isZero();
        }
    }

    private EmbeddingMatches matches = EmbeddingMatches.NONE;

    /** Fits in this order, by 3, 2, 1; all else by -1. */
    private EmbeddingMatches fitting(String... itemIds) {
        return new EmbeddingMatches() {
            @Override
            public int size() {
                return itemIds.length;
            }

            @Override
            public int slot(int n) {
                return shop.table().slot(ItemKey.of(itemIds[n]));
            }

            @Override
            public float score(int slot) {
                for (int n = 0; n < itemIds.length; n++) {
                    if (slot(n) == slot) {
                        return itemIds.length - n;
                    }
                }
                return -1;
            }
        };
    }

    @Test
    void itemsWhoseVectorsFitAreCandidatesAndSayHowWell() {
        shop.item("seen").leadingTo("follows", 1).put();
        shop.item("follows").put();
        shop.item("near").put();
        shop.item("nearer").put();
        shop.item("gone").notOffered().put();
        recent.add(ItemKey.of("seen"), EventType.VIEW.ordinal(), START);
        matches = fitting("gone", "nearer", "near");

        assertThat(retrieve(ItemKey.NONE)).startsWith("follows", "nearer", "near");

        assertThat(candidates.sources[1] & Candidates.EMBEDDING).isNotZero();
        assertThat(candidates.sources[0] & Candidates.EMBEDDING).isZero();
        assertThat(candidates.embedding).startsWith(-1, 2, 1);
        assertThat(candidates.bestEmbedding()).isEqualTo(3);
    }

    @Test
    void aRequestedItemSaysHowWellItFitsToo() {
        shop.item("near").put();
        matches = fitting("near");

        assertThat(retrieve(ItemKey.NONE, ItemKey.of("near"))).containsExactly("near");

        assertThat(candidates.sources[0]).isEqualTo(Candidates.REQUESTED | Candidates.EMBEDDING);
        assertThat(candidates.embedding[0]).isEqualTo(1);
    }
}
