package dev.rebound.deploy.lab.training;

import dev.rebound.deploy.lab.events.DecodedFeed;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.lab.events.FirstPart;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Meter;
import dev.rebound.deploy.site.Progress;
import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.model.UserEncoder;
import dev.rebound.operators.training.Distillation;
import dev.rebound.operators.training.EncoderReport;
import dev.rebound.operators.training.EncoderTrainer;
import dev.rebound.operators.training.EpochReport;
import dev.rebound.operators.training.HistoryReplay;
import dev.rebound.operators.training.MomentFiles;
import dev.rebound.operators.training.RankerTrainer;
import dev.rebound.operators.training.TrainedEncoder;
import dev.rebound.operators.training.TrainedRanker;
import dev.rebound.operators.training.TrainerOptions;
import dev.rebound.operators.training.TrainingSet;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Trains a ranker on history in this JVM, which must serve no model: the engine's gradient collector is process-wide.
 * The history runs through the decoding and the features of the job itself.
 */
public final class ModelTraining {
    static final int CANDIDATES = 100;
    private static final int MOST_MOMENTS = 40_000;
    private static final int MOST_ITEMS = 50_000;
    /**
     * The share of the history that a first encoder learns from, so that the moments of the rest show the ranker what such
     * vectors are worth at items that were not known to be chosen. The encoder that serves learns from all of it.
     */
    private static final double FIRST_ENCODER = 0.4;

    /** Of the events, about this share are moments at which a retrieved item was chosen. */
    private static final double CHOICES_PER_EVENT = 0.4;

    private final long seed;
    private final TrainerOptions options;
    private final Progress output;

    /** @param seed of the sample, the initial weights and the order */
    public ModelTraining(long seed, Progress output) {
        this.seed = seed;
        this.options = TrainerOptions.defaults((int) seed);
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
     * Writes what a model would learn from the first events of a source, for whoever trains elsewhere. Such a model has no
     * encoder, so that the features of one are 0, as they will be when it serves.
     *
     * @return how many moments they are
     * @throws CommandFailedException if the folder can't be written
     */
    public int writeMoments(EventSource source, long mostEvents, java.nio.file.Path folder) {
        HistoryReplay history = read(source, mostEvents, null);
        TrainingSet set = history.trainingSet();
        try {
            MomentFiles.write(set, vocabulary(history), folder);
        } catch (IOException e) {
            throw new CommandFailedException("The moments were not written to " + folder + ": " + e.getMessage(), e);
        }
        return set.size();
    }

    /**
     * What a variant of a model would learn from the first events of a source.
     *
     * @param encoder of the model; null if it has none
     */
    TrainingSet moments(EventSource source, long mostEvents, @Nullable UserEncoder encoder) {
        return read(source, mostEvents, encoder).trainingSet();
    }

    private HistoryReplay read(EventSource source, long mostEvents, @Nullable UserEncoder encoder) {
        FirstPart part = FirstPart.of(mostEvents);
        HistoryReplay history = history(source, part, false, false);
        if (encoder != null) {
            history.use(encoder);
        }
        try (DecodedFeed feed = feed(source, part)) {
            feed.read(part, history);
        }
        return history;
    }

    /** Trains a smaller model to score as another does; see {@link Distillation}. */
    TrainedRanker distil(RankingModel teacher, TrainedEncoder encoder, TrainingSet set) {
        try {
            return Distillation.distil(teacher, encoder, set, TrainerOptions.distilled((int) seed), this::tell);
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
        try {
            HistoryReplay history = replay(source, part, afterSessions, lineByLine);
            TrainingSet set = history.trainingSet();
            TrainedEncoder encoder = encoder(history);
            output.progress("training on " + set.size() + " moments at which users chose");
            TrainedRanker ranker = new RankerTrainer(set, encoder, options, this::tell).train();
            tellBest(ranker.report());
            return ranker;
        } catch (IOException e) {
            throw new CommandFailedException("No model could be trained: " + e.getMessage(), e);
        }
    }

    private TrainedEncoder encoder(HistoryReplay history) throws IOException {
        return new EncoderTrainer(history.sequences(), vocabulary(history), history.table(), options, this::tell)
                .train();
    }

    private void tell(EncoderReport report) {
        requireUninterrupted();
        output.progress(String.format(
                "encoder, epoch %d of %d: loss %.4f, held out %.4f, next item among 20 %.4f, %.1f s",
                report.epoch(),
                report.epochs(),
                report.trainLoss(),
                report.validationLoss(),
                report.validationHits(),
                report.seconds()));
    }

    /** Between two epochs, since nothing waits in them. */
    private static void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CommandFailedException("Interrupted while training");
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
        requireUninterrupted();
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

    private HistoryReplay replay(EventSource source, FirstPart part, boolean afterSessions, boolean lineByLine)
            throws IOException {
        HistoryReplay history = history(source, part, afterSessions, lineByLine);
        try (DecodedFeed feed = feed(source, part)) {
            feed.read(first(part, events(source, part)), history);
            try (TrainedEncoder first = encoder(history);
                    UserEncoder serving = first.serving()) {
                history.use(serving);
                feed.read(part, history);
                history.stopUsing();
            }
        }
        return history;
    }

    private HistoryReplay history(EventSource source, FirstPart part, boolean afterSessions, boolean lineByLine) {
        double choices = events(source, part) * CHOICES_PER_EVENT;
        int keepEvery = (int) Math.max(1, Math.ceil(choices / MOST_MOMENTS));
        return new HistoryReplay(CANDIDATES, keepEvery, afterSessions, lineByLine, seed);
    }

    private DecodedFeed feed(EventSource source, FirstPart part) {
        return new DecodedFeed(source, new Meter(output, "history", events(source, part)));
    }

    private static long events(EventSource source, FirstPart part) {
        return Math.min(part.events(), source.eventCount());
    }

    private static FirstPart first(FirstPart part, long events) {
        return new FirstPart((long) (events * FIRST_ENCODER), part.beforeMillis());
    }
}
