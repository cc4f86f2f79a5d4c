package dev.rebound.operators.scoring;

import static dev.rebound.operators.Signals.START;

import dev.rebound.operators.item.CatalogEntry;
import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.item.ItemState;
import dev.rebound.operators.item.ItemUpdate;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.output.OutputRecord;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The scoring operator in Flink's harness, with a small shop and models that are known by the names of their versions. */
abstract class ScoringHarness {
    static final int BATCH = 64;
    /** Candidates a user, at most. */
    static final int CANDIDATES = 50;

    private final ScoringSettings settings;
    static final int ITEMS = 20;
    final Map<String, Integer> passes = new TreeMap<>();
    final List<String> opened = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    TwoInputStreamOperatorTestHarness<ScoringTask, SideInput, OutputRecord> harness;
    /** Whether no package can be read. */
    volatile boolean registryIsAway;

    private int sent;

    /** @param mostWait of a task, by which overload is told */
    ScoringHarness(Duration mostWait, Duration replayAge) {
        settings = new ScoringSettings(
                BATCH, Duration.ofMillis(20), CANDIDATES, PolicySettings.BY_SCORE, 7, 0, 1e9, mostWait, replayAge);
    }

    @BeforeEach
    void start() throws Exception {
        harness = harness();
        harness.open();
        shop();
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    TwoInputStreamOperatorTestHarness<ScoringTask, SideInput, OutputRecord> harness() throws Exception {
        var harness = new KeyedTwoInputStreamOperatorTestHarness<String, ScoringTask, SideInput, OutputRecord>(
                new ScoringOperator(this::model, settings), task -> task.userId, null, Types.STRING);
        harness.getExecutionConfig().enableObjectReuse();
        harness.setup(new OutputRecord.Serializer());
        return harness;
    }

    /** By the version's name: refused, throwing, too large to encode, partly no scores, backwards, or in retrieval order. */
    private RankingModel model(ModelRelease release, int users, int candidates)
            throws PackageRefusedException, IOException {
        String version = release.getVersion();
        if (version.startsWith("refused")) {
            throw new PackageRefusedException(release.getPackageUri(), "tampered", null);
        }
        if (registryIsAway) {
            throw new IOException("model.json can't be read now");
        }
        synchronized (opened) {
            opened.add(version);
        }
        return new RankingModel() {
            @Override
            public String version() {
                return version;
            }

            @Override
            public ItemVocabulary vocabulary() {
                return ItemVocabulary.of(List.of());
            }

            @Override
            public void score(FeatureBatch batch, int users, float[] scores) throws ModelFailedException {
                passes.merge(version, 1, Integer::sum);
                if (version.startsWith("throwing")) {
                    throw new ModelFailedException("broken", null);
                }
                for (int i = 0; i < users * batch.candidates(); i++) {
                    float place = i % batch.candidates() / (float) batch.candidates();
                    scores[i] = version.startsWith("backwards") ? place : 1 - place;
                }
            }

            @Override
            public void score(FeatureBatch batch, int users, float[] scores, BitSet failed)
                    throws ModelFailedException {
                score(batch, users, scores);
                if (version.startsWith("partly")) {
                    failed.set(1);
                    Arrays.fill(scores, batch.candidates(), 2 * batch.candidates(), Float.NaN);
                }
            }

            @Override
            public @Nullable UserEncoder encoder() {
                if (version.startsWith("too-large")) {
                    throw new IllegalStateException("out of memory");
                }
                return null;
            }

            @Override
            public void close() {
                closed.add(version);
            }
        };
    }

    void side(ItemUpdate update) throws Exception {
        harness.processElement2(new StreamRecord<>(SideInputs.of(update)));
    }

    void side(ModelRelease release) throws Exception {
        harness.processElement2(new StreamRecord<>(SideInputs.of(release)));
    }

    void shop() throws Exception {
        for (int i = 0; i < ITEMS; i++) {
            ItemUpdate update = new ItemUpdate();
            update.itemKey = ItemKey.of("i" + i);
            update.item = new ItemState();
            update.item.entry =
                    new CatalogEntry("i" + i, "c", null, 100, true, new int[0], new long[0], new float[0], START);
            update.item.firstSeenMillis = START;
            update.item.newestMillis = START;
            side(update);
        }
        side(ItemUpdate.complete(0, 1));
    }

    void release(String version, ReleaseStage stage, double percent, long issuedAt) throws Exception {
        side(ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("memory:" + version)
                .setSha256("0")
                .setStage(stage)
                .setTrafficPercent(percent)
                .setIssuedAt(issuedAt)
                .build());
        ((ScoringOperator) harness.getOperator()).awaitModels();
    }

    /** A full batch of users that were not seen before. */
    void batch() throws Exception {
        for (int i = 0; i < BATCH; i++) {
            send(request("u" + sent));
        }
    }

    ScoringTask request(String user) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = user;
        task.triggerId = "r" + sent++;
        task.count = 10;
        task.timeMillis = START;
        return task;
    }

    void send(ScoringTask task) throws Exception {
        harness.processElement1(new StreamRecord<>(task));
    }

    <T> List<T> side(OutputTag<T> tag) {
        var records = harness.getSideOutput(tag);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    List<Recommendation> recommendations() throws Exception {
        RecordCodec<Recommendation> codec = RecordCodec.of(Recommendation.class);
        List<Recommendation> found = new ArrayList<>();
        for (OutputRecord record : harness.extractOutputValues()) {
            if (record.topic() == Topic.RECOMMENDATIONS && record.value() != null) {
                found.add(codec.decode(record.value(), null));
            }
        }
        return found;
    }

    Map<String, Long> byVersion() throws Exception {
        return recommendations().stream()
                .collect(Collectors.groupingBy(Recommendation::getModelVersion, TreeMap::new, Collectors.counting()));
    }
}
