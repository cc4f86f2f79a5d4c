package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A ranking model in DJL: a {@link SequenceRanker}, or a TorchScript module of the same inputs and output. The features
 * are read where they lie, without a copy on a CPU; every array of a batch is freed with the batch.
 */
public final class DjlRankingModel implements RankingModel {
    private final String version;
    private final ItemVocabulary vocabulary;
    private final Model model;
    private final Block block;
    private final Device device;
    private final NDManager manager;
    private final ParameterStore parameters;
    private final @Nullable UserEncoder encoder;
    /** The part of the dense features that it reads; null for all. */
    private final @Nullable NDIndex knownFeatures;

    private @Nullable Thread preparedFor;

    /**
     * @param model loaded to the device that it runs on; this closes it
     * @param denseFeatures how many it reads, the first ones: later versions of the code add more
     */
    public DjlRankingModel(String version, ItemVocabulary vocabulary, Model model, int denseFeatures) {
        this.version = version;
        this.vocabulary = vocabulary;
        this.model = model;
        this.block = model.getBlock();
        this.device = model.getNDManager().getDevice();
        this.manager = model.getNDManager().newSubManager();
        this.parameters = new ParameterStore(manager, false);
        this.encoder = UserEncoder.of(model, vocabulary);
        this.knownFeatures = denseFeatures < DenseFeature.WIDTH ? new NDIndex(":, :, :" + denseFeatures) : null;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public ItemVocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public void score(FeatureBatch batch, int users, float[] scores) throws ModelFailedException {
        float[] result = forward(batch, users);
        for (int user = 0; user < users; user++) {
            requireScores(result, user, batch.candidates());
        }
        System.arraycopy(result, 0, scores, 0, users * batch.candidates());
    }

    @Override
    public void score(FeatureBatch batch, int users, float[] scores, BitSet failed) throws ModelFailedException {
        float[] result = forward(batch, users);
        for (int user = 0; user < users; user++) {
            if (firstWithoutScore(result, user, batch.candidates()) >= 0) {
                failed.set(user);
            }
        }
        if (failed.cardinality() == users) {
            requireScores(result, 0, batch.candidates());
        }
        System.arraycopy(result, 0, scores, 0, users * batch.candidates());
    }

    private void requireScores(float[] scores, int user, int candidates) throws ModelFailedException {
        int bad = firstWithoutScore(scores, user, candidates);
        if (bad >= 0) {
            throw new ModelFailedException(
                    "Model version " + version + " returned " + scores[bad] + " as the score of candidate "
                            + bad % candidates + " of user " + user,
                    null);
        }
    }

    /** Where a user's first score is that is none; below 0 where all are. */
    private static int firstWithoutScore(float[] scores, int user, int candidates) {
        for (int i = user * candidates; i < (user + 1) * candidates; i++) {
            if (!(scores[i] >= 0f)) {
                return i;
            }
        }
        return -1;
    }

    private float[] forward(FeatureBatch batch, int users) throws ModelFailedException {
        prepareThread();
        int rows = padded(users, batch.capacity());
        try (NDManager scope = manager.newSubManager()) {
            NDArray output =
                    block.forward(parameters, inputs(batch, rows, scope), false).head();
            checkShape(output.getShape(), rows, batch.candidates());
            return output.toFloatArray();
        } catch (RuntimeException e) {
            throw new ModelFailedException("Model version " + version + " threw: " + e.getMessage(), e);
        }
    }

    /** A model is loaded by one thread and serves in another. */
    private void prepareThread() {
        if (preparedFor != Thread.currentThread()) {
            PyTorchEngine.prepareThread();
            preparedFor = Thread.currentThread();
        }
    }

    @Override
    public @Nullable UserEncoder encoder() {
        return encoder;
    }

    @Override
    public float[] meanFeatures() {
        return block instanceof SequenceRanker ranker ? ranker.means() : RankingModel.super.meanFeatures();
    }

    /** Few different sizes reach libtorch, which plans its memory by them. */
    static int padded(int users, int capacity) {
        int size = Integer.highestOneBit(users);
        return Math.min(size == users ? size : size * 2, capacity);
    }

    private NDList inputs(FeatureBatch batch, int rows, NDManager scope) {
        NDManager host = device.isGpu() ? scope.newSubManager(Device.cpu()) : scope;
        NDArray dense = host.create(
                batch.denseSlice(rows), new Shape(rows, batch.candidates(), DenseFeature.WIDTH), DataType.FLOAT32);
        NDList inputs = new NDList(
                host.create(batch.sequenceSlice(rows), new Shape(rows, FeatureBatch.SEQUENCE_LENGTH), DataType.INT32),
                host.create(batch.candidatesSlice(rows), new Shape(rows, batch.candidates()), DataType.INT32),
                knownFeatures == null ? dense : dense.get(knownFeatures));
        return device.isGpu() ? inputs.toDevice(device, false) : inputs;
    }

    private static void checkShape(Shape shape, int users, int candidates) {
        if (!shape.equals(new Shape(users, candidates))) {
            throw new IllegalStateException(
                    "it returned the shape " + shape + " instead of (" + users + ", " + candidates + ")");
        }
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
