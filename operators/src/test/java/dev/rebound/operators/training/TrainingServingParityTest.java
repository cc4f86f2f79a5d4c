package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.aCatalogItem;
import static dev.rebound.operators.Signals.aRequest;
import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.model.DenseFeature;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.scoring.ScoringBatch;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.EventType;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model learns from is what it will be served: neither skew between the two, nor a look into the future. */
class TrainingServingParityTest {
    /** So many that popularity has been counted. */
    private static final int EVENTS = 1100;

    private static final String[] ITEMS = {"a", "b", "c", "d", "e", "f", "g"};
    private static final long[] SHOWN =
            Arrays.stream(ITEMS).mapToLong(ItemKey::of).toArray();

    private final HistoryReplay history = new HistoryReplay(ITEMS.length, 1, false, true, 1);
    private final OfflinePipeline serving = new OfflinePipeline();

    TrainingServingParityTest() {
        for (int i = 0; i < ITEMS.length; i++) {
            var item = aCatalogItem(ITEMS[i], i % 2 == 0 ? "lamps" : "chairs", Signals.START - i * 86_400_000L);
            history.catalog(item);
            serving.catalog(item);
        }
    }

    private void past(int events) {
        past(0, events);
    }

    private void past(int from, int events) {
        SplittableRandom random = new SplittableRandom(7 + from);
        EventType[] types = {EventType.IMPRESSION, EventType.VIEW, EventType.CLICK, EventType.CART};
        for (int i = from; i < events; i++) {
            UserSignal event = anEvent("e" + i)
                    .by("u" + random.nextInt(5))
                    .doing(types[random.nextInt(types.length)], ITEMS[random.nextInt(ITEMS.length - 1)])
                    .atSecond(i * 20L);
            history.event(event);
            if (serving.isNew(event)) {
                serving.learn(event);
            }
        }
    }

    @Test
    void everyFeatureOfAShownListIsWhatServingGivesAtThatMoment() {
        past(EVENTS);
        assertParity();
    }

    /** The encoder of training and the one that serves are two objects, as in two processes. */
    @Test
    void soAreThoseOfAnEncoderThatWasTrainedOnWhatWasBefore() throws Exception {
        past(EVENTS / 2);
        var options = TrainerOptions.defaults(1);
        try (TrainedEncoder trained = new EncoderTrainer(
                                history.sequences(), List.of(ITEMS), history.table(), options, report -> {})
                        .train();
                UserEncoder training = trained.serving();
                UserEncoder served = trained.serving()) {
            history.use(training);
            encoder = served;
            past(EVENTS / 2, EVENTS);
            TrainingSet learned = assertParity();

            assertThat(learned.dense(0, 0, DenseFeature.EMBEDDING_SCORE.ordinal()))
                    .as("of before the encoder")
                    .isZero();
            assertThat(learned.dense(learned.size() - 1, 0, DenseFeature.EMBEDDING_SCORE.ordinal()))
                    .isNotZero();
        }
    }

    private TrainingSet assertParity() {
        UserSignal request = aRequest("shown", "u1");
        request.timeMillis = Signals.START + EVENTS * 20_000L;
        request.candidates = SHOWN;
        float[][] served = served(request);

        history.request(request);
        UserSignal chosen =
                anEvent("chosen").by("u1").doing(EventType.CLICK, "g").atSecond(EVENTS * 20 + 5);
        chosen.requestId = "shown";
        history.event(chosen);
        TrainingSet learned = history.trainingSet();

        int moment = learned.size() - 1;
        assertThat(learned.timeMillis(moment)).isEqualTo(request.timeMillis);
        for (int c = 0; c < ITEMS.length; c++) {
            assertThat(learned.candidateKey(moment, c)).isEqualTo(SHOWN[c]);
            for (DenseFeature feature : DenseFeature.values()) {
                assertThat(learned.dense(moment, c, feature.ordinal()))
                        .as(feature + " of " + ITEMS[c])
                        .isEqualTo(served[c][feature.ordinal()]);
            }
        }
        assertThat(learned.label(moment, ITEMS.length - 1)).isEqualTo(1f);
        return learned;
    }

    private @Nullable UserEncoder encoder;

    private float[][] served(UserSignal request) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = request.userId;
        task.triggerId = request.id;
        task.timeMillis = request.timeMillis;
        task.candidates = request.candidates;
        task.features(serving.user(request.userId));
        ScoringBatch batch = new ScoringBatch(serving.table(), serving.popular(), serving.sessions(), 1, ITEMS.length);
        batch.add(task);
        batch.prepare(ItemVocabulary.of(List.of()), encoder);
        float[][] dense = new float[ITEMS.length][DenseFeature.WIDTH];
        for (int c = 0; c < ITEMS.length; c++) {
            for (DenseFeature feature : DenseFeature.values()) {
                dense[c][feature.ordinal()] = batch.features().dense(0, c, feature);
            }
        }
        return dense;
    }

    @Test
    void theFeaturesTellCandidatesApart() {
        past(EVENTS);
        UserSignal request = aRequest("shown", "u1");
        request.timeMillis = Signals.START + EVENTS * 20_000L;
        request.candidates = SHOWN;

        float[][] served = served(request);

        assertThat(List.of(DenseFeature.POPULARITY, DenseFeature.ACTION_RATE, DenseFeature.SEEN_COUNT))
                .allSatisfy(feature -> assertThat(served[0][feature.ordinal()])
                        .isNotEqualTo(served[ITEMS.length - 1][feature.ordinal()]));
    }
}
