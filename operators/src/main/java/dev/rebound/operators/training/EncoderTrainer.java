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
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.rebound.operators.model.FeatureBatch;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.SequenceEncoder;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Trains a {@link SequenceEncoder} to predict each user's next item ({@link NextItemModel}), with Adam, validated on users
 * that were held out, stopped when these no longer improve. In the JVM of {@link RankerTrainer}.
 */
public final class EncoderTrainer {
    private static final int HELD_OUT_EVERY = 20;
    private static final int TOP = 20;

    /** Steps that an epoch shall have at least, as long as the batches stay large enough. */
    private static final int STEPS = 200;

    private static final int LEAST_BATCH = 16;
    private static final int MOST_BATCH = 256;

    /** Batches whose sequences are put together by length, since each is as long as its longest. */
    private static final int POOL = 40;

    private final TrainerOptions options;
    private final List<String> itemIds;
    private final Consumer<EncoderReport> progress;
    private final SequenceEncoder.Architecture architecture;
    private final SequenceBatches batches;
    private final int[] trained;
    private final int[] heldOut;
    private final int batchSize;

    /**
     * @param itemIds the items that get a vector of their own
     * @param table that knows what items are about
     * @param progress told after each epoch
     */
    public EncoderTrainer(
            InteractionSequences sequences,
            List<String> itemIds,
            ItemTable table,
            TrainerOptions options,
            Consumer<EncoderReport> progress) {
        this.options = options;
        this.itemIds = itemIds;
        this.progress = progress;
        this.architecture = new SequenceEncoder.Architecture(
                itemIds.size() + 1, options.embeddingSize(), FeatureBatch.SEQUENCE_LENGTH, embeddingLength(table));
        this.batches = new SequenceBatches(
                sequences,
                table,
                ItemVocabulary.of(itemIds),
                FeatureBatch.SEQUENCE_LENGTH,
                architecture.contentEmbedding());
        this.trained = batches.windowsOf(user -> user % HELD_OUT_EVERY != 0);
        this.heldOut = batches.windowsOf(user -> user % HELD_OUT_EVERY == 0);
        this.batchSize = Math.max(LEAST_BATCH, Math.min(MOST_BATCH, trained.length / STEPS));
    }

    private static int embeddingLength(ItemTable table) {
        for (int slot = 0; slot < table.size(); slot++) {
            Item item = table.item(slot);
            if (item != null && item.embedding.length > 0) {
                return item.embedding.length;
            }
        }
        return 0;
    }

    /** Trains and gives the best epoch's encoder. Too few sequences to learn from give one that has learned nothing. */
    public TrainedEncoder train() throws IOException {
        var engine = PyTorchEngine.forTraining();
        engine.setRandomSeed(options.seed());
        SequenceEncoder encoder = new SequenceEncoder(architecture);
        Model model = Model.newInstance("encoder", engine.getEngineName());
        model.setBlock(new NextItemModel(encoder));
        try (Trainer trainer = model.newTrainer(config())) {
            trainer.initialize(new Shape(1, 1, architecture.size()), new Shape(1, 1), new Shape(1, 1));
            encoder.forget(batches.rowsNotLearned(architecture.vocabularySize()));
            EncoderReport best = epochs(trainer, encoder, model.getNDManager());
            encoder.freezeParameters(true);
            return new TrainedEncoder(model, encoder, architecture, itemIds, best);
        }
    }

    private DefaultTrainingConfig config() {
        return new DefaultTrainingConfig(new NextItemLoss())
                .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
                .optInitializer(
                        new NormalInitializer(0.05f),
                        parameter -> List.of("items", "content", "types").contains(parameter.getName()))
                // Attention begins as a mean by place, and the user as that and the newest item.
                .optInitializer(
                        Initializer.ZEROS,
                        parameter -> List.of("query", "narrow", "projection").contains(parameter.getName()))
                .optOptimizer(Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(options.encoderLearningRate()))
                        .build());
    }

    private EncoderReport epochs(Trainer trainer, SequenceEncoder encoder, NDManager manager) throws IOException {
        EncoderReport best = new EncoderReport(0, options.encoderEpochs(), Double.NaN, Double.NaN, Double.NaN, 0);
        if (trained.length == 0 || heldOut.length == 0) {
            return best;
        }
        SplittableRandom random = new SplittableRandom(options.seed());
        byte[] bestParameters = BlockBytes.of(encoder);
        int worse = 0;
        for (int epoch = 1; epoch <= options.encoderEpochs() && worse < options.encoderPatience(); epoch++) {
            long begin = System.nanoTime();
            double loss = 0;
            List<int[]> order = order(random);
            for (int[] some : order) {
                loss += step(trainer, manager, some, random) / order.size();
            }
            EncoderReport report = validate(trainer, manager, epoch, loss, begin);
            progress.accept(report);
            if (best.epoch() == 0 || report.validationLoss() < best.validationLoss()) {
                best = report;
                bestParameters = BlockBytes.of(encoder);
                worse = 0;
            } else {
                worse++;
            }
        }
        BlockBytes.restore(encoder, bestParameters, manager);
        return best;
    }

    /** All sequences by chance, in batches of like length. */
    private List<int[]> order(SplittableRandom random) {
        int[] shuffled = trained.clone();
        shuffle(shuffled, random);
        List<int[]> order = new ArrayList<>();
        for (int from = 0; from < shuffled.length; from += POOL * batchSize) {
            int[] pool = Arrays.stream(shuffled, from, Math.min(shuffled.length, from + POOL * batchSize))
                    .boxed()
                    .sorted(Comparator.comparingInt(batches::windowLength))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int begin = 0; begin < pool.length; begin += batchSize) {
                order.add(Arrays.copyOfRange(pool, begin, Math.min(pool.length, begin + batchSize)));
            }
        }
        int[] places = IntStream.range(0, order.size()).toArray();
        shuffle(places, random);
        return Arrays.stream(places).mapToObj(order::get).toList();
    }

    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    private double step(Trainer trainer, NDManager manager, int[] some, SplittableRandom random) {
        try (NDManager scope = manager.newSubManager()) {
            double value;
            NDList inputs = batches.inputs(some, random, true, scope);
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList logits = trainer.forward(inputs);
                NDArray loss = trainer.getLoss().evaluate(new NDList(), logits);
                gradients.backward(loss);
                value = loss.getFloat();
                logits.attach(scope);
                loss.attach(scope);
            }
            trainer.step();
            return value;
        }
    }

    private EncoderReport validate(Trainer trainer, NDManager manager, int epoch, double trainLoss, long begin) {
        SplittableRandom random = new SplittableRandom(1);
        double loss = 0;
        long hits = 0;
        long targets = 0;
        for (int from = 0; from < heldOut.length; from += batchSize) {
            int[] some = Arrays.copyOfRange(heldOut, from, Math.min(heldOut.length, from + batchSize));
            try (NDManager scope = manager.newSubManager()) {
                NDArray logits = trainer.evaluate(batches.inputs(some, random, false, scope))
                        .head();
                long count = logits.getShape().get(0);
                loss += count
                        * trainer.getLoss()
                                .evaluate(new NDList(), new NDList(logits))
                                .getFloat();
                hits += hits(logits.toFloatArray(), (int) count);
                targets += count;
            }
        }
        return new EncoderReport(
                epoch,
                options.encoderEpochs(),
                trainLoss,
                loss / targets,
                (double) hits / targets,
                (System.nanoTime() - begin) / 1e9);
    }

    private static long hits(float[] logits, int rows) {
        int width = logits.length / rows;
        long hits = 0;
        for (int row = 0; row < rows; row++) {
            int better = 0;
            for (int i = 1; i < width; i++) {
                better += logits[row * width + i] >= logits[row * width] ? 1 : 0;
            }
            hits += better < TOP ? 1 : 0;
        }
        return hits;
    }
}
