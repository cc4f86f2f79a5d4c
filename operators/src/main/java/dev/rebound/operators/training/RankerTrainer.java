package dev.rebound.operators.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.SequenceRanker;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a {@link SequenceRanker} on what was chosen and what stood beside it ({@link RankingLoss}), Adam (Kingma, Ba,
 * 2015), validated on the newest moments, stopped when they no longer improve. Belongs into a JVM of its own: the
 * engine's gradient collector is process-wide.
 */
public final class RankerTrainer {
    private static final int LEAST_MOMENTS = 50;

    private final TrainingSet set;
    private final TrainedEncoder encoder;
    private final TrainerOptions options;
    private final Consumer<EpochReport> progress;
    private final @Nullable WarmStart start;
    private final int trained;
    private final MomentBatches batches;
    private final Validation validation;

    /**
     * @param encoder becomes part of the ranker, which closes it
     * @param progress told after each epoch
     * @throws IllegalArgumentException if there are too few moments to learn from
     */
    public RankerTrainer(
            TrainingSet set, TrainedEncoder encoder, TrainerOptions options, Consumer<EpochReport> progress) {
        this(set, encoder, options, null, progress);
    }

    /**
     * The same with the parameters of an earlier ranker to begin with.
     *
     * @param encoder that of the earlier ranker
     * @param start its size wins over that of the options; null begins anew
     */
    public RankerTrainer(
            TrainingSet set,
            TrainedEncoder encoder,
            TrainerOptions options,
            @Nullable WarmStart start,
            Consumer<EpochReport> progress) {
        if (set.size() < LEAST_MOMENTS) {
            throw new IllegalArgumentException(
                    "Only " + set.size() + " moments at which a user chose a retrieved item; " + "at least "
                            + LEAST_MOMENTS + " are needed: train on a longer history");
        }
        this.set = set;
        this.encoder = encoder;
        this.options = options;
        this.start = start;
        this.progress = progress;
        this.trained = (int) (set.size() * (1 - options.validationShare()));
        this.batches = new MomentBatches(set, ItemVocabulary.of(encoder.itemIds()), options, trained);
        this.validation = new Validation(set, batches, trained);
    }

    /** Trains and gives the best epoch's model, loaded, with its report. */
    public TrainedRanker train() throws IOException {
        var engine = PyTorchEngine.forTraining();
        engine.setRandomSeed(options.seed());
        int hiddenSize = start == null ? options.hiddenSize() : start.hiddenSize();
        var architecture = new SequenceRanker.Architecture(encoder.architecture(), hiddenSize, set.width());
        SequenceRanker block = new SequenceRanker(architecture, encoder.block());
        Model model = Model.newInstance("ranker", engine.getEngineName());
        model.setBlock(block);
        try (Trainer trainer = model.newTrainer(config())) {
            trainer.initialize(
                    new Shape(1, set.sequenceLength()),
                    new Shape(1, set.candidates()),
                    new Shape(1, set.candidates(), set.width()));
            if (start != null) {
                start.copyTo(block);
            } else {
                block.scaleBy(batches.mean(), batches.deviation());
            }
            EpochReport best = epochs(trainer, block, model.getNDManager());
            return new TrainedRanker(model, architecture, encoder, options, best, set, trained);
        }
    }

    private DefaultTrainingConfig config() {
        return new DefaultTrainingConfig(new RankingLoss())
                .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
                // The deep part begins silent, so that the first steps fit the wide part and not its noise.
                .optInitializer(Initializer.ZEROS, parameter -> "output_weight".equals(parameter.getName()))
                .optOptimizer(Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(options.learningRate()))
                        .optWeightDecays(options.weightDecay())
                        .build());
    }

    private EpochReport epochs(Trainer trainer, SequenceRanker block, NDManager manager) throws IOException {
        SplittableRandom random = new SplittableRandom(options.seed());
        EpochReport best = null;
        byte[] bestParameters = {};
        int worse = 0;
        for (int epoch = 1; epoch <= options.epochs() && worse < options.patience(); epoch++) {
            EpochReport report = epoch(trainer, manager, random, epoch);
            progress.accept(report);
            if (best == null || report.ndcg() > best.ndcg()) {
                best = report;
                bestParameters = BlockBytes.of(block);
                worse = 0;
            } else {
                worse++;
            }
        }
        EpochReport kept = Objects.requireNonNull(best, "options allow no epoch");
        BlockBytes.restore(block, bestParameters, manager);
        return kept;
    }

    private EpochReport epoch(Trainer trainer, NDManager manager, SplittableRandom random, int epoch) {
        long begin = System.nanoTime();
        int[] order = shuffled(random);
        double loss = 0;
        int steps = 0;
        for (int from = 0; from < order.length; from += options.batchSize()) {
            int[] moments = Arrays.copyOfRange(order, from, Math.min(from + options.batchSize(), order.length));
            loss += step(trainer, manager, moments);
            steps++;
        }
        Validation.Result result = validation.measure(trainer, manager, options.batchSize());
        return new EpochReport(
                epoch,
                options.epochs(),
                loss / steps,
                result.auc(),
                result.ndcg(),
                validation.retrievalNdcg(),
                (System.nanoTime() - begin) / 1e9);
    }

    private double step(Trainer trainer, NDManager manager, int[] moments) {
        try (NDManager scope = manager.newSubManager()) {
            double value;
            NDList inputs = batches.inputs(moments, scope);
            NDList labels = batches.labels(moments, scope);
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList predictions = trainer.forward(inputs);
                NDArray loss = trainer.getLoss().evaluate(labels, predictions);
                gradients.backward(loss);
                value = loss.getFloat();
                predictions.attach(scope);
                loss.attach(scope);
            }
            trainer.step();
            return value;
        }
    }

    private int[] shuffled(SplittableRandom random) {
        int[] order = IntStream.range(0, trained).toArray();
        EncoderTrainer.shuffle(order, random);
        return order;
    }
}
