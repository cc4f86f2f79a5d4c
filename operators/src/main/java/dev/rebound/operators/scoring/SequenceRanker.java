package dev.rebound.operators.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Scores candidates by what the user did lately and by dense features. The user is the mean of the recent items'
 * embeddings, weighted by learned position weights; a candidate is its embedding from the same table; their elementwise
 * product and the dense features go through one hidden layer.
 *
 * <p>Inputs: sequence int32 (users, length), candidates int32 (users, candidates), dense float32 (users, candidates,
 * features); row 0 of the table is no item. Output: float32 (users, candidates), logits in training, else
 * probabilities.
 */
public final class SequenceRanker extends AbstractBlock {
    private static final byte VERSION = 1;
    private static final float EPSILON = 1e-6f;

    private final int sequenceLength;
    private final Parameter items;
    private final Parameter positions;
    private final Parameter productWeight;
    private final Parameter denseWeight;
    private final Parameter hiddenBias;
    private final Parameter outputWeight;
    private final Parameter outputBias;

    public SequenceRanker(Architecture architecture) {
        super(VERSION);
        this.sequenceLength = architecture.sequenceLength();
        int d = architecture.embeddingSize();
        int h = architecture.hiddenSize();
        items = weight("items", new Shape(architecture.vocabularySize(), d));
        positions = bias("positions", new Shape(sequenceLength));
        productWeight = weight("product_weight", new Shape(h, d));
        denseWeight = weight("dense_weight", new Shape(h, architecture.denseFeatures()));
        hiddenBias = bias("hidden_bias", new Shape(h));
        outputWeight = weight("output_weight", new Shape(1, h));
        outputBias = bias("output_bias", new Shape(1));
    }

    /**
     * The sizes that make a ranker.
     *
     * @param vocabularySize rows of the embedding table, row 0 included
     * @param embeddingSize floats an item
     * @param hiddenSize units of the hidden layer
     * @param sequenceLength recent items
     * @param denseFeatures dense features a candidate
     */
    public record Architecture(
            int vocabularySize, int embeddingSize, int hiddenSize, int sequenceLength, int denseFeatures) {}

    private Parameter weight(String name, Shape shape) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.WEIGHT)
                .optShape(shape)
                .build());
    }

    private Parameter bias(String name, Shape shape) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.BIAS)
                .optShape(shape)
                .build());
    }

    /** Weights of the dense features, (hidden, features): the trainer folds their scaling in. */
    public Parameter denseWeight() {
        return denseWeight;
    }

    /** Bias of the hidden layer, (hidden). */
    public Parameter hiddenBias() {
        return hiddenBias;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray sequence = inputs.get(0);
        NDArray candidates = inputs.get(1);
        NDArray dense = inputs.get(2);
        var device = sequence.getDevice();
        NDArray table = store.getValue(items, device, training);
        NDArray user = user(sequence, table, store.getValue(positions, device, training));
        NDArray product = Embedding.embedding(candidates, table, SparseFormat.DENSE)
                .head()
                .mul(user);
        NDArray hidden = Linear.linear(
                        product,
                        store.getValue(productWeight, device, training),
                        store.getValue(hiddenBias, device, training))
                .head()
                .add(Linear.linear(dense, store.getValue(denseWeight, device, training))
                        .head());
        NDArray logits = Linear.linear(
                        Activation.relu(hidden),
                        store.getValue(outputWeight, device, training),
                        store.getValue(outputBias, device, training))
                .head()
                .squeeze(2);
        return new NDList(training ? logits : Activation.sigmoid(logits));
    }

    /** The users as float32 (users, 1, embedding); zero for a user without recent items. */
    private static NDArray user(NDArray sequence, NDArray table, NDArray positions) {
        NDArray present = sequence.neq(0).toType(DataType.FLOAT32, false).mul(positions.exp());
        NDArray weights = present.div(present.sum(new int[] {1}, true).add(EPSILON));
        NDArray recent =
                Embedding.embedding(sequence, table, SparseFormat.DENSE).head();
        return weights.expandDims(1).matMul(recent);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[1]};
    }
}
