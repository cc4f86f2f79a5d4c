package dev.rebound.operators.scoring;

import ai.djl.Device;
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
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Scores candidates by what the user did lately and by dense features. The user is the mean of the recent items'
 * embeddings, weighted by learned position weights; a candidate is its embedding from the same table. Their elementwise
 * product and the dense features, scaled, go through two hidden layers, beside which the dense features are weighed alone
 * (Wide and Deep: Cheng, Koc, Harmsen, Shaked and others, DLRS 2016).
 *
 * <p>Inputs: sequence int32 (users, length), candidates int32 (users, candidates), dense float32 (users, candidates,
 * features); row 0 of the table is no item. Output: float32 (users, candidates), logits in training, else
 * probabilities.
 */
public final class SequenceRanker extends AbstractBlock {
    private static final byte VERSION = 3;
    private static final float EPSILON = 1e-6f;

    /** Scaled features beyond it say no more: one outlier shall not decide. */
    private static final float MOST_DEVIATIONS = 5f;

    /** Items are seen seldom: without it the table learns the training moments by heart. */
    private static final float PRODUCT_DROPOUT = 0.5f;

    private static final float HIDDEN_DROPOUT = 0.2f;

    private final int sequenceLength;
    private final Parameter items;
    private final Parameter positions;
    private final Parameter mean;
    private final Parameter deviation;
    private final Layer productHidden;
    private final Layer denseHidden;
    private final Layer hidden;
    private final Layer output;
    private final Layer wide;

    /** Weights (outputs, inputs) and bias (outputs). */
    private record Layer(Parameter weight, Parameter bias) {}

    public SequenceRanker(Architecture architecture) {
        super(VERSION);
        this.sequenceLength = architecture.sequenceLength();
        int d = architecture.embeddingSize();
        int h = architecture.hiddenSize();
        int f = architecture.denseFeatures();
        items = weight("items", new Shape(architecture.vocabularySize(), d));
        positions = bias("positions", new Shape(sequenceLength));
        mean = scaling("mean", f);
        deviation = scaling("deviation", f);
        productHidden = layer("product", h, d);
        denseHidden = layer("dense", h, f);
        hidden = layer("hidden", h / 2, h);
        output = layer("output", 1, h / 2);
        wide = layer("wide", 1, f);
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

    private Layer layer(String name, int outputs, int inputs) {
        return new Layer(
                weight(name + "_weight", new Shape(outputs, inputs)), bias(name + "_bias", new Shape(outputs)));
    }

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

    private Parameter scaling(String name, int features) {
        return addParameter(Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.BIAS)
                .optShape(new Shape(features))
                .optRequiresGrad(false)
                .build());
    }

    /** Sets how dense features are scaled; to be called once the block is initialised and before it is trained. */
    public void scaleBy(float[] means, float[] deviations) {
        mean.getArray().set(means);
        deviation.getArray().set(deviations);
    }

    /** The means that dense features are scaled by. */
    float[] means() {
        return mean.getArray().toFloatArray();
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray sequence = inputs.get(0);
        NDArray candidates = inputs.get(1);
        NDArray dense = inputs.get(2);
        Forward forward = new Forward(store, sequence.getDevice(), training);
        NDArray table = forward.value(items);
        NDArray user = user(sequence, table, forward.value(positions));
        NDArray product = Embedding.embedding(candidates, table, SparseFormat.DENSE)
                .head()
                .mul(user);
        NDArray scaled =
                dense.sub(forward.value(mean)).div(forward.value(deviation)).clip(-MOST_DEVIATIONS, MOST_DEVIATIONS);
        NDArray first = forward.through(
                        productHidden,
                        Dropout.dropout(product, PRODUCT_DROPOUT, training).head())
                .add(forward.through(denseHidden, scaled));
        NDArray second = forward.through(hidden, dropped(Activation.relu(first), training));
        NDArray logits = forward.through(output, dropped(Activation.relu(second), training))
                .add(forward.through(wide, scaled))
                .squeeze(2);
        return new NDList(training ? logits : Activation.sigmoid(logits));
    }

    private static NDArray dropped(NDArray hidden, boolean training) {
        return training ? Dropout.dropout(hidden, HIDDEN_DROPOUT, true).head() : hidden;
    }

    /** One pass, with the parameters on its device. */
    private record Forward(ParameterStore store, Device device, boolean training) {
        NDArray value(Parameter parameter) {
            return store.getValue(parameter, device, training);
        }

        NDArray through(Layer layer, NDArray input) {
            return Linear.linear(input, value(layer.weight()), value(layer.bias()))
                    .head();
        }
    }

    /** The users as float32 (users, 1, embedding); zero for a user without recent items. */
    private static NDArray user(NDArray sequence, NDArray table, NDArray positions) {
        NDArray exponentials = positions.exp();
        // It would live as long as the parameter that it is made of: one array would leak with every batch.
        exponentials.attach(sequence.getManager());
        NDArray present = sequence.neq(0).toType(DataType.FLOAT32, false).mul(exponentials);
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
