package dev.rebound.operators.scoring;

import static dev.rebound.operators.Campaigns.aCampaign;
import static dev.rebound.operators.Signals.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.rebound.operators.Campaigns;
import dev.rebound.operators.Signals;
import dev.rebound.operators.campaigns.CampaignUpdate;
import dev.rebound.operators.ingest.ItemTerms;
import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.DecayedSum;
import dev.rebound.operators.item.ItemFeatures;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.item.Neighbours;
import dev.rebound.operators.item.QueryKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.ranking.ScoredList;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserCampaigns;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendedItem;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Scenario;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UserProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoringOperatorTest {
    private static final int BATCH = 4;
    private static final ScoringSettings SETTINGS = new ScoringSettings(
            BATCH,
            Duration.ofMillis(20),
            50,
            PolicySettings.BY_SCORE.withMaxPerCategory(3).withNewItem(true),
            7,
            0,
            1,
            Duration.ZERO,
            Duration.ZERO);

    private final List<Integer> batches = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private static final int MAX_PARALLELISM = 16;

    private TwoInputStreamOperatorTestHarness<ScoringTask, SideInput, OutputRecord> harness;

    @BeforeEach
    void start() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    private TwoInputStreamOperatorTestHarness<ScoringTask, SideInput, OutputRecord> harness() throws Exception {
        return harness(1, 0);
    }

    private TwoInputStreamOperatorTestHarness<ScoringTask, SideInput, OutputRecord> harness(
            int parallelism, int subtask) throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<String, ScoringTask, SideInput, OutputRecord>(
                new ScoringOperator(this::model, SETTINGS),
                task -> task.userId,
                null,
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                subtask);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setup(new OutputRecord.Serializer());
        return harness;
    }

    /** Opens by the name of the version: one that scores backwards, one that throws, one that cannot be opened. */
    private RankingModel model(ModelRelease release, int users, int candidates) throws PackageRefusedException {
        if (release.getVersion().startsWith("refused")) {
            throw new PackageRefusedException(release.getPackageUri(), "tampered", null);
        }
        return new RankingModel() {
            @Override
            public String version() {
                return release.getVersion();
            }

            @Override
            public ItemVocabulary vocabulary() {
                return ItemVocabulary.of(List.of());
            }

            @Override
            public void score(FeatureBatch batch, int users, float[] scores) throws ModelFailedException {
                if (release.getVersion().startsWith("throwing")) {
                    throw new ModelFailedException("broken", null);
                }
                batches.add(users);
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = i % batch.candidates() / (float) batch.candidates();
                }
            }

            @Override
            public void close() {
                closed.add(release.getVersion());
            }
        };
    }

    private void side(ItemUpdate update) throws Exception {
        harness.processElement2(new StreamRecord<>(SideInputs.of(update)));
    }

    private void side(CampaignUpdate update) throws Exception {
        harness.processElement2(new StreamRecord<>(SideInputs.of(update)));
    }

    private void side(ModelRelease release) throws Exception {
        harness.processElement2(new StreamRecord<>(SideInputs.of(release)));
    }

    private void item(String itemId, String category, double popularity, boolean offered) throws Exception {
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(itemId);
        update.item = new ItemState();
        update.item.entry =
                new CatalogEntry(itemId, category, null, 100, offered, new int[0], new long[0], new float[0], START);
        update.item.firstSeenMillis = START;
        update.item.newestMillis = START;
        update.item.popularity =
                DecayedSum.add(DecayedSum.EMPTY, popularity, START, ItemFeatures.POPULARITY_HALF_LIFE_MILLIS);
        side(update);
    }

    private void complete() throws Exception {
        side(ItemUpdate.complete(0, 1));
    }

    /** Ten items of two categories, i0 the most popular, i9 not offered. */
    private void aShop() throws Exception {
        for (int i = 0; i < 10; i++) {
            item("i" + i, i % 2 == 0 ? "even" : "odd", 100 - i, i != 9);
        }
        complete();
    }

    private void release(String version, long issuedAt) throws Exception {
        announce(version, issuedAt);
        ((ScoringOperator) harness.getOperator()).awaitModels();
    }

    private void announce(String version, long issuedAt) throws Exception {
        side(ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("memory:" + version)
                .setSha256("0")
                .setStage(ReleaseStage.LIVE)
                .setIssuedAt(issuedAt)
                .build());
    }

    private static ScoringTask task(ScoringTask.Kind kind, String id) {
        ScoringTask task = new ScoringTask();
        task.kind = kind;
        task.userId = "u-" + id;
        task.triggerId = id;
        task.count = 5;
        task.timeMillis = START;
        task.firstEventMillis = START;
        task.lastEventMillis = START;
        return task;
    }

    private void send(ScoringTask task) throws Exception {
        harness.processElement1(new StreamRecord<>(task));
    }

    private List<Recommendation> recommendations() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        List<Recommendation> found = new ArrayList<>();
        for (OutputRecord record : harness.extractOutputValues()) {
            if (record.topic() == Topic.RECOMMENDATIONS) {
                found.add(codec.decode(record.value(), null));
            }
        }
        return found;
    }

    private static List<String> items(Recommendation recommendation) {
        return recommendation.getItems().stream()
                .map(RecommendedItem::getItemId)
                .toList();
    }

    @Test
    void aFullBatchIsScoredAtOnceInOnePass() throws Exception {
        aShop();
        release("v1", 1);
        for (int i = 0; i < BATCH - 1; i++) {
            send(task(ScoringTask.Kind.EVENT, "e" + i));
        }
        assertThat(recommendations()).isEmpty();
        send(task(ScoringTask.Kind.EVENT, "last"));

        assertThat(recommendations()).hasSize(BATCH).allMatch(r -> !r.getItems().isEmpty());
        assertThat(batches).containsExactly(BATCH);
    }

    @Test
    void aSmallBatchIsScoredAfterTheDelay() throws Exception {
        aShop();
        harness.setProcessingTime(100);
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.setProcessingTime(119);
        assertThat(recommendations()).isEmpty();
        harness.setProcessingTime(120);

        assertThat(recommendations()).hasSize(1);
    }

    @Test
    void versionsTakeOverWithoutTraffic() throws Exception {
        announce("first", 1);
        announce("second", 2);
        announce("third", 3);
        await().until(() -> {
            harness.setProcessingTime(harness.getProcessingTime() + 1000);
            return closed.equals(List.of("first"));
        });
    }

    @Test
    void aCheckpointHoldsNoHalfBatch() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(recommendations()).hasSize(1);
    }

    @Test
    void tasksWaitForTheItemsAlsoAcrossARestore() throws Exception {
        send(task(ScoringTask.Kind.REQUEST, "r1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        assertThat(harness.extractOutputValues()).isEmpty();
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        aShop();
        harness.getOperator().prepareSnapshotPreBarrier(2);

        assertThat(recommendations()).singleElement().satisfies(r -> {
            assertThat(r.getRequestId()).isEqualTo("r1");
            assertThat(r.getItems()).isNotEmpty();
        });
    }

    @Test
    void aBacklogOfAnyLengthWaitsForTheItems() throws Exception {
        int backlog = 20_500;
        for (int i = 0; i < backlog; i++) {
            send(task(ScoringTask.Kind.REQUEST, "r" + i));
        }
        assertThat(harness.extractOutputValues()).isEmpty();

        aShop();
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(recommendations())
                .hasSize(backlog)
                .allSatisfy(answer -> assertThat(answer.getItems()).isNotEmpty());
    }

    @Test
    void aUsersTasksThatWaitKeepTheirOrderThroughARescaling() throws Exception {
        for (int user = 0; user < 20; user++) {
            send(of("u" + user, task(ScoringTask.Kind.REQUEST, "before-" + user)));
            send(of("u" + user, task(ScoringTask.Kind.ERASURE, "erase-" + user)));
            send(of("u" + user, task(ScoringTask.Kind.REQUEST, "after-" + user)));
        }
        harness.getOperator().prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        List<String> sent = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            harness = harness(2, subtask);
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    snapshot, MAX_PARALLELISM, 1, 2, subtask));
            harness.open();
            aShop();
            harness.getOperator().prepareSnapshotPreBarrier(2);
            for (OutputRecord record : harness.extractOutputValues()) {
                if (record.topic() == Topic.RECOMMENDATIONS) {
                    String user = new String(record.key(), StandardCharsets.UTF_8);
                    assertThat(KeyGroupRangeAssignment.assignKeyToParallelOperator(user, MAX_PARALLELISM, 2))
                            .as("where %s goes on, and with it its tombstones", user)
                            .isEqualTo(subtask);
                    sent.add(user + (record.value() == null ? " erased" : " answered"));
                }
            }
            if (subtask == 0) {
                assertThat(sent).as("both have users").isNotEmpty().hasSizeLessThan(60);
                harness.close();
            }
        }

        assertThat(sent).hasSize(60);
        for (int user = 0; user < 20; user++) {
            String own = "u" + user + " ";
            assertThat(sent)
                    .filteredOn(each -> each.startsWith(own))
                    .containsExactly(own + "answered", own + "erased", own + "answered");
        }
    }

    private static ScoringTask of(String userId, ScoringTask task) {
        task.userId = userId;
        return task;
    }

    @Test
    void anErasureStaysBehindARequestForCampaignsThatWaits() throws Exception {
        aShop();
        ScoringTask asked = task(ScoringTask.Kind.REQUEST, "r1");
        asked.scenario = Scenario.CAMPAIGN;
        send(of("u", asked));
        send(of("u", task(ScoringTask.Kind.ERASURE, "x")));
        send(of("u", task(ScoringTask.Kind.REQUEST, "r2")));
        harness.getOperator().prepareSnapshotPreBarrier(1);
        assertThat(harness.extractOutputValues()).isEmpty();

        side(CampaignUpdate.complete(0, 1));
        harness.getOperator().prepareSnapshotPreBarrier(2);

        assertThat(harness.extractOutputValues())
                .filteredOn(record -> record.topic() == Topic.RECOMMENDATIONS)
                .extracting(record -> record.value() == null)
                .containsExactly(false, true, false);
    }

    @Test
    void aRequestForCampaignsWaitsForThemAlsoAcrossARestoreAndNothingElseDoes() throws Exception {
        aShop();
        ScoringTask task = task(ScoringTask.Kind.REQUEST, "r1");
        task.scenario = Scenario.CAMPAIGN;
        task.campaigns = new UserCampaigns();
        task.campaigns.redeemed(ItemKey.of("once"));
        send(task);
        send(task(ScoringTask.Kind.REQUEST, "r2"));
        harness.getOperator().prepareSnapshotPreBarrier(1);
        assertThat(recommendations()).extracting(Recommendation::getRequestId).containsExactly("r2");
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        aShop();
        campaign(aCampaign("on-i0").on("i0"));
        campaign(aCampaign("once").on("i0").capped(9, 1));
        assertThat(recommendations()).isEmpty();
        side(CampaignUpdate.complete(0, 1));

        assertThat(harness.getSideOutput(ScoringOutputs.RESPONSES)).hasSize(1);
        assertThat(recommendations()).singleElement().satisfies(r -> {
            assertThat(r.getRequestId()).isEqualTo("r1");
            assertThat(r.getScenario()).isEqualTo(Scenario.CAMPAIGN);
            assertThat(items(r)).containsExactly("on-i0");
        });
    }

    private void campaign(Campaigns campaign) throws Exception {
        CampaignUpdate update = new CampaignUpdate();
        update.campaignKey = campaign.defined().campaignKey;
        update.entry = campaign.entry();
        side(update);
    }

    @Test
    void anUnknownUserGetsTrendingItemsThatAreOffered() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.REQUEST, "r1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        Recommendation recommendation = recommendations().get(0);
        assertThat(recommendation.getModelVersion()).isEqualTo(ScoringBatch.RETRIEVAL_ORDER);
        assertThat(items(recommendation)).startsWith("i0", "i1", "i2").doesNotContain("i9");
        assertThat(recommendation.getItems().get(0).getReasons()).containsExactly("trending");
        assertThat(recommendation.getSiteEpoch()).isEqualTo(7);
    }

    @Test
    void aRequestIsAnsweredOnTheFastPathAndItsListWaitsForFeedback() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.REQUEST, "r1"));
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(harness.getSideOutput(ScoringOutputs.RESPONSES)).hasSize(1);
        assertThat(lists()).singleElement().satisfies(list -> {
            assertThat(list.requestId).isEqualTo("r1");
            assertThat(list.recommendationId).isEqualTo(recommendations().get(0).getRecommendationId());
            assertThat(list.requestedMillis).isEqualTo(START);
            assertThat(list.itemIds)
                    .containsExactlyElementsOf(items(recommendations().get(0)));
            assertThat(list.dense).hasSize(5 * DenseFeature.WIDTH);
            assertThat(list.dense[DenseFeature.WIDTH + DenseFeature.RETRIEVAL_RANK.ordinal()])
                    .as("of the second candidate")
                    .isEqualTo(0.5f);
        });
    }

    @Test
    void aRecommendationAndItsResponseAreKnownByItsIdAndProfilesAreNot() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.PROFILE, ""));
        send(task(ScoringTask.Kind.REQUEST, "r1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        long id = ItemKey.of(recommendations().get(0).getRecommendationId());
        assertThat(harness.extractOutputValues())
                .extracting(OutputRecord::topic, OutputRecord::id)
                .containsExactlyInAnyOrder(
                        tuple(Topic.USER_PROFILES, OutputRecord.NO_ID), tuple(Topic.RECOMMENDATIONS, id));
        assertThat(harness.getSideOutput(ScoringOutputs.RESPONSES))
                .extracting(response -> response.getValue().id())
                .containsExactly(id);
    }

    private List<ScoredList> lists() {
        var sent = harness.getSideOutput(ScoringOutputs.LISTS);
        return sent == null
                ? List.of()
                : sent.stream().map(StreamRecord::getValue).toList();
    }

    @Test
    void timePassesOnlyAfterTheListsOfItsTasksAndOnlyByTheirInput() throws Exception {
        harness.processWatermark1(new Watermark(START - 1));
        assertThat(harness.getOutput()).as("tasks may wait for items").isEmpty();
        aShop();
        assertThat(harness.getOutput()).containsExactly(new Watermark(START - 1));

        send(task(ScoringTask.Kind.REQUEST, "r1"));
        harness.processWatermark1(new Watermark(START));
        assertThat(lists()).isEmpty();
        harness.setProcessingTime(1_000);

        assertThat(lists()).hasSize(1);
        assertThat(harness.getOutput()).last().isEqualTo(new Watermark(START));
    }

    @Test
    void anErasureComesAfterWhatItsUserWasRecommended() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.REQUEST, "r1"));
        ScoringTask erasure = task(ScoringTask.Kind.ERASURE, "x");
        erasure.userId = "u-r1";
        send(erasure);

        assertThat(lists()).extracting(list -> list.erasesUser).containsExactly(false, true);
        assertThat(harness.extractOutputValues())
                .extracting(record -> record.topic() + (record.value() == null ? " erased" : ""))
                .containsExactly("RECOMMENDATIONS", "USER_PROFILES erased", "RECOMMENDATIONS erased");
    }

    @Test
    void scoresAreExplainedToWhoeverAsks() throws Exception {
        aShop();
        release("v1", 1);
        ScoringTask asking = task(ScoringTask.Kind.REQUEST, "r1");
        asking.explain = true;
        send(asking);
        send(task(ScoringTask.Kind.REQUEST, "r2"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(recommendations().get(0).getItems())
                .allSatisfy(item -> assertThat(item.getContributions()).hasSize(DenseFeature.WIDTH + 2));
        assertThat(recommendations().get(1).getItems())
                .allSatisfy(item -> assertThat(item.getContributions()).isEmpty());
    }

    @Test
    void similarItemsAreOfTheContextsCategoryAndNotItself() throws Exception {
        aShop();
        ScoringTask task = task(ScoringTask.Kind.REQUEST, "r1");
        task.scenario = Scenario.SIMILAR_ITEMS;
        task.contextItemKey = ItemKey.of("i4");
        task.count = 3;
        send(task);
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(items(recommendations().get(0)))
                .doesNotContain("i4")
                .allMatch(item -> (item.charAt(1) - '0') % 2 == 0);
    }

    private List<RecommendedItem> search(String query) throws Exception {
        side(titled("red", "red lamp"));
        side(titled("sofa", "sofa"));
        complete();
        ScoringTask task = task(ScoringTask.Kind.REQUEST, "r1");
        task.searchOf(Signals.aSearchRequest("r1", "u", query));
        task.scenario = Scenario.SEARCH;
        task.explain = true;
        send(task);
        harness.getOperator().prepareSnapshotPreBarrier(1);
        return recommendations().get(0).getItems();
    }

    private static ItemUpdate titled(String itemId, String title) {
        ItemUpdate update = new ItemUpdate();
        update.itemKey = ItemKey.of(itemId);
        update.item = new ItemState();
        ItemFeatures.apply(update.item, Signals.aTitledItem(itemId, title, "things"));
        return update;
    }

    @Test
    void aSearchIsAnsweredByWhatMatchesAndSaysSo() throws Exception {
        assertThat(search("Red Lamps")).singleElement().satisfies(item -> {
            assertThat(item.getItemId()).isEqualTo("red");
            assertThat(item.getReasons()).containsExactly("matches:Red Lamps");
        });
    }

    @Test
    void aSearchIsExplainedByTheScoreOfTheModelAlone() throws Exception {
        release("v1", 1);

        assertThat(search("Red Lamps")).singleElement().satisfies(item -> {
            assertThat(item.getScore()).as("first by both orders").isEqualTo(1);
            assertThat(item.getContributions()).hasSize(DenseFeature.WIDTH + 2);
            assertThat(item.getContributions().values().stream()
                            .mapToDouble(Float::doubleValue)
                            .sum())
                    .as("the model's score is 0, and so is the comparison's")
                    .isCloseTo(0, within(1e-5));
        });
    }

    @Test
    void aSearchThatNothingMatchesIsAnsweredByTheUsualItemsAndSaysSo() throws Exception {
        assertThat(search("bicycle"))
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.getReasons()).contains("no-match:bicycle", "trending"));
    }

    @Test
    void whatUsersTookAfterAQueryIsFoundByIt() throws Exception {
        ItemUpdate taken = new ItemUpdate();
        taken.kind = ItemUpdate.Kind.QUERY;
        taken.queryKey = QueryKey.of(new ItemTerms().of("couch"));
        taken.queryItems = new Neighbours();
        taken.queryItems.add(ItemKey.of("sofa"), 1, START, ItemFeatures.RATE_HALF_LIFE_MILLIS);
        side(taken);

        assertThat(search("couch")).singleElement().satisfies(item -> {
            assertThat(item.getItemId()).isEqualTo("sofa");
            assertThat(item.getReasons()).containsExactly("chosen-for:couch");
        });
    }

    @Test
    void whatWasJustBoughtIsNotRecommended() throws Exception {
        aShop();
        ScoringTask task = task(ScoringTask.Kind.EVENT, "e1");
        task.recent.add(ItemKey.of("i0"), EventType.PURCHASE.ordinal(), START - 1000);
        task.count = 9;
        send(task);
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(items(recommendations().get(0))).hasSize(8).doesNotContain("i0");
    }

    @Test
    void anExpiryIsATombstoneOfTheProfileAlone() throws Exception {
        aShop();
        send(task(ScoringTask.Kind.EXPIRY, "x"));

        assertThat(lists()).isEmpty();
        assertThat(harness.extractOutputValues()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo(Topic.USER_PROFILES);
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("u-x");
            assertThat(record.value()).isNull();
        });
    }

    @Test
    void theSameTriggerHasTheSameIdAndAnotherOneAnother() throws Exception {
        aShop();
        for (String id : List.of("e1", "e1", "e2")) {
            send(task(ScoringTask.Kind.EVENT, id));
        }
        harness.getOperator().prepareSnapshotPreBarrier(1);

        List<String> ids = recommendations().stream()
                .map(Recommendation::getRecommendationId)
                .toList();
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
    }

    @Test
    void ofTwoReleasesTheOneIssuedLastCountsWhateverTheirOrder() throws Exception {
        aShop();
        release("newer", 2);
        release("older", 1);
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(recommendations().get(0).getModelVersion()).isEqualTo("newer");
    }

    @Test
    void aRefusedReleaseLeavesTheRunningVersion() throws Exception {
        aShop();
        release("good", 1);
        release("refused", 2);
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);

        assertThat(recommendations().get(0).getModelVersion()).isEqualTo("good");
    }

    @Test
    void aModelThatFailsFallsBackToTheOneBeforeAndThenToRetrieval() throws Exception {
        aShop();
        release("good", 1);
        release("throwing", 2);
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(1);
        release("throwing-too", 3);
        send(task(ScoringTask.Kind.EVENT, "e2"));
        harness.getOperator().prepareSnapshotPreBarrier(2);

        assertThat(recommendations())
                .extracting(Recommendation::getModelVersion)
                .containsExactly("good", ScoringBatch.RETRIEVAL_ORDER);
        assertThat(closed).as("only the version before the last is given back").containsExactly("good");
    }

    @Test
    void aRestoreScoresWithTheVersionOfTheCheckpointThoughALaterOneWasRefused() throws Exception {
        release("v1", 1);
        release("refused", 2);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        aShop();
        send(task(ScoringTask.Kind.EVENT, "e1"));
        harness.getOperator().prepareSnapshotPreBarrier(2);

        assertThat(recommendations().get(0).getModelVersion()).isEqualTo("v1");
    }

    @Test
    void aProfileNamesInterestsAndAnErasureIsATombstone() throws Exception {
        aShop();
        ScoringTask profile = task(ScoringTask.Kind.PROFILE, "");
        profile.userId = "u";
        profile.eventCounts[EventType.VIEW.ordinal()] = 3;
        profile.recent.add(ItemKey.of("i0"), EventType.VIEW.ordinal(), START);
        send(profile);
        ScoringTask erasure = task(ScoringTask.Kind.ERASURE, "x");
        erasure.userId = "u";
        send(erasure);

        List<OutputRecord> records = harness.extractOutputValues();
        UserProfile read =
                RecordCodec.of(UserProfile.class).decode(records.get(0).value(), null);
        assertThat(read.getEventCounts()).containsExactly(entry("VIEW", 3L));
        assertThat(read.getCategoryInterests()).containsExactly(entry("even", 1f));
        assertThat(read.getRecentItemIds()).containsExactly("i0");
        assertThat(records.get(1).value()).isNull();
        assertThat(Arrays.equals(records.get(0).key(), records.get(1).key())).isTrue();
    }
}
