package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.console.Ticker;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.FeedEncoder;
import dev.rebound.deploy.ops.events.FeedRecord;
import dev.rebound.operators.features.ItemSignal;
import dev.rebound.operators.ingest.Decoded;
import dev.rebound.operators.ingest.TopicDeserializer;
import dev.rebound.operators.ingest.UserSignal;
import dev.rebound.operators.scoring.ModelFailedException;
import dev.rebound.operators.training.EpochReport;
import dev.rebound.operators.training.HistoryReplay;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.schemas.CatalogItem;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Trains a ranker on history in this JVM, which must serve no model: the engine's gradient collector is process-wide.
 * The history runs through the decoding and the features of the job itself.
 */
public final class ModelTraining {
    private static final int CANDIDATES = 32;
    private static final int MOST_MOMENTS = 40_000;
    private static final int MOST_ITEMS = 50_000;
    /** Of the events, about this share are moments at which a retrieved item was chosen. */
    private static final double CHOICES_PER_EVENT = 0.4;

    private final long seed;
    private final Progress output;
    private final long nowMillis = System.currentTimeMillis();

    /** @param seed of the sample, the initial weights and the order */
    public ModelTraining(long seed, Progress output) {
        this.seed = seed;
        this.output = output;
    }

    /** @param packageFolder where the model was written */
    public record Trained(String model, String version, String packageFolder, EpochReport report) {}

    /**
     * Trains on the first events of a source and writes the package.
     *
     * @param mostEvents how many events to learn from
     * @throws CommandFailedException if there is too little to learn from, or the registry can't be written
     */
    public Trained train(EventSource source, long mostEvents, Path registry, String model, String version) {
        HistoryReplay history = replay(source, mostEvents);
        int moments = history.trainingSet().size();
        output.progress("training on " + moments + " of " + history.choices() + " choices");
        List<String> vocabulary =
                history.itemIdsByPopularity().stream().limit(MOST_ITEMS).toList();
        try (TrainedRanker ranker = new RankerTrainer(
                        history.trainingSet(), vocabulary, TrainerOptions.defaults((int) seed), this::tell)
                .train()) {
            EpochReport best = ranker.report();
            output.progress(
                    best.beatsRetrieval()
                            ? String.format(
                                    "the model orders better than retrieval: NDCG@10 %.3f against %.3f",
                                    best.ndcg(), best.retrievalNdcg())
                            : String.format(
                                    "THE MODEL DOES NOT ORDER BETTER THAN RETRIEVAL: NDCG@10 %.3f against %.3f",
                                    best.ndcg(), best.retrievalNdcg()));
            Path folder = ranker.write(registry, model, version, Instant.ofEpochMilli(nowMillis));
            output.progress("wrote " + folder);
            return new Trained(model, version, folder.toString(), best);
        } catch (IOException | ModelFailedException e) {
            throw new CommandFailedException(
                    "Model " + model + "/" + version + " was not written: " + e.getMessage(), e);
        }
    }

    private void tell(EpochReport report) {
        output.progress(String.format(
                "epoch %d of %d: loss %.4f, AUC %.4f, NDCG@10 %.4f (retrieval %.4f), %.1f s",
                report.epoch(),
                report.epochs(),
                report.trainLoss(),
                report.auc(),
                report.ndcg(),
                report.retrievalNdcg(),
                report.seconds()));
    }

    private HistoryReplay replay(EventSource source, long mostEvents) {
        long events = Math.min(mostEvents, source.eventCount());
        int keepEvery = (int) Math.max(1, Math.ceil(events * CHOICES_PER_EVENT / MOST_MOMENTS));
        HistoryReplay history = new HistoryReplay(CANDIDATES, keepEvery, seed);
        TopicDeserializer<ItemSignal> items = TopicDeserializer.catalog();
        TopicDeserializer<UserSignal> signals = TopicDeserializer.behaviourEvents();
        items.open();
        signals.open();
        FeedEncoder encoder = new FeedEncoder();
        try (Stream<CatalogItem> catalog = source.catalog()) {
            catalog.forEach(item -> learn(items.decode(kafka(encoder.item(item))), history));
        }
        Ticker ticker = new Ticker(output);
        try (Stream<FeedRecord> feed = source.feed()) {
            Iterator<FeedRecord> records = feed.iterator();
            long replayed = 0;
            while (replayed < events && records.hasNext()) {
                FeedRecord record = records.next();
                if (record.topic() == Topic.CATALOG_UPDATES) {
                    learn(items.decode(kafka(record)), history);
                } else if (record.topic() == Topic.BEHAVIOUR_EVENTS) {
                    UserSignal event = signals.decode(kafka(record)).value;
                    if (event != null) {
                        history.event(event);
                    }
                    replayed++;
                    ticker.tick("history: " + replayed + " of " + events + " events");
                }
            }
        }
        return history;
    }

    private static void learn(Decoded<ItemSignal> item, HistoryReplay history) {
        if (item.value != null) {
            history.catalog(item.value);
        }
    }

    private ConsumerRecord<byte[], byte[]> kafka(FeedRecord record) {
        return new ConsumerRecord<>(
                record.topic().shortName(),
                0,
                0,
                nowMillis,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty());
    }
}
