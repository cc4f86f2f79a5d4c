package dev.rebound.deploy.ops.model;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.console.Meter;
import dev.rebound.deploy.ops.console.Progress;
import dev.rebound.deploy.ops.events.DecodedFeed;
import dev.rebound.deploy.ops.events.EventSource;
import dev.rebound.deploy.ops.events.FirstPart;
import dev.rebound.operators.scoring.ModelFailedException;
import dev.rebound.operators.scoring.RankingModel;
import dev.rebound.operators.training.Distillation;
import dev.rebound.operators.training.EpochReport;
import dev.rebound.operators.training.HistoryReplay;
import dev.rebound.operators.training.MomentFiles;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * Trains a ranker on history in this JVM, which must serve no model: the engine's gradient collector is process-wide.
 * The history runs through the decoding and the features of the job itself.
 */
public final class ModelTraining {
    private static final int CANDIDATES = 100;
    private static final int MOST_MOMENTS = 40_000;
    private static final int MOST_ITEMS = 50_000;
    /** Of the events, about this share are moments at which a retrieved item was chosen. */
    private static final double CHOICES_PER_EVENT = 0.4;

    private final long seed;
    private final Progress output;

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
        try (TrainedRanker ranker = train(source, FirstPart.of(mostEvents), false, false)) {
            EpochReport best = ranker.report();
            Path folder = ranker.write(registry, model, version, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            output.progress("wrote " + folder);
            return new Trained(model, version, folder.toString(), best);
        } catch (IOException | ModelFailedException e) {
            throw new CommandFailedException(
                    "Model " + model + "/" + version + " was not written: " + e.getMessage(), e);
        }
    }

    /**
     * Writes what a model would learn from the first events of a source, for whoever trains elsewhere.
     *
     * @return how many moments they are
     * @throws CommandFailedException if the folder can't be written
     */
    public int writeMoments(EventSource source, long mostEvents, java.nio.file.Path folder) {
        HistoryReplay history = replay(source, FirstPart.of(mostEvents), false, false);
        TrainingSet set = history.trainingSet();
        try {
            MomentFiles.write(set, vocabulary(history), folder);
        } catch (IOException e) {
            throw new CommandFailedException("The moments were not written to " + folder + ": " + e.getMessage(), e);
        }
        return set.size();
    }

    /** What a model would learn from the first events of a source. */
    TrainingSet moments(EventSource source, long mostEvents) {
        return replay(source, FirstPart.of(mostEvents), false, false).trainingSet();
    }

    /** Trains a smaller model to score as another does; see {@link Distillation}. */
    TrainedRanker distil(RankingModel teacher, List<String> itemIds, TrainingSet set) {
        try {
            return Distillation.distil(teacher, itemIds, set, TrainerOptions.distilled((int) seed), this::tell);
        } catch (IOException | ModelFailedException e) {
            throw new CommandFailedException("No model could be distilled: " + e.getMessage(), e);
        }
    }

    private static List<String> vocabulary(HistoryReplay history) {
        return history.itemIdsByPopularity().stream().limit(MOST_ITEMS).toList();
    }

    /**
     * Trains on the first part of a source.
     *
     * @param afterSessions for a model that will serve users whose current session no item has learned of
     * @param lineByLine for a model that will complete baskets
     */
    public TrainedRanker train(EventSource source, FirstPart part, boolean afterSessions, boolean lineByLine) {
        HistoryReplay history = replay(source, part, afterSessions, lineByLine);
        TrainingSet set = history.trainingSet();
        int moments = set.size();
        output.progress("training on " + moments + " moments at which users chose");
        List<String> vocabulary = vocabulary(history);
        try {
            TrainedRanker ranker =
                    new RankerTrainer(set, vocabulary, TrainerOptions.defaults((int) seed), this::tell).train();
            tellBest(ranker.report());
            return ranker;
        } catch (IOException e) {
            throw new CommandFailedException("No model could be trained: " + e.getMessage(), e);
        }
    }

    private void tellBest(EpochReport best) {
        output.progress(
                best.beatsRetrieval()
                        ? String.format(
                                "the model orders better than retrieval: NDCG@10 %.3f against %.3f",
                                best.ndcg(), best.retrievalNdcg())
                        : String.format(
                                "THE MODEL DOES NOT ORDER BETTER THAN RETRIEVAL: NDCG@10 %.3f against %.3f",
                                best.ndcg(), best.retrievalNdcg()));
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

    private HistoryReplay replay(EventSource source, FirstPart part, boolean afterSessions, boolean lineByLine) {
        long events = Math.min(part.events(), source.eventCount());
        int keepEvery = (int) Math.max(1, Math.ceil(events * CHOICES_PER_EVENT / MOST_MOMENTS));
        HistoryReplay history = new HistoryReplay(CANDIDATES, keepEvery, afterSessions, lineByLine, seed);
        try (DecodedFeed feed = new DecodedFeed(source, new Meter(output, "history", events))) {
            feed.read(part, history);
        }
        return history;
    }
}
