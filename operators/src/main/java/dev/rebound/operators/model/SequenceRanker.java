package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Scores candidates by their dense features, scaled: two hidden layers that cross them, beside which they are weighed alone
 * (Wide and Deep: Cheng, Koc, Harmsen, Shaked and others, DLRS 2016). What the user did lately comes in by the features that
 * the {@link SequenceEncoder} makes, which is part of this: how well the vectors of user and candidate fit. It is trained
 * before, on what happened before, and not by these scores.
 *
 * <p>Inputs: sequence int32 (users, length), candidates int32 (users, candidates), dense float32 (users, candidates,
 * features), of which this reads the last. Output: float32 (users, candidates), logits in training, else probabilities.
 */
public final class SequenceRanker extends AbstractBlock {
    private static final byte VERSION = 4;

    /** Scaled features beyond it say no more: one outlier shall not decide. */
    private static final float MOST_DEVIATIONS = 5f;

    private static final float HIDDEN_DROPOUT = 0.2f;

    private final SequenceEncoder encoder;
    private final Parameter mean;
    private final Parameter deviation;
    private final Layer denseHidden;
    private final Layer hidden;
    private final Layer output;
    private final Layer wide;

    /** Weights (outputs, inputs) and bias (outputs). */
    private record Layer(Parameter weight, Parameter bias) {}

    /** A ranker whose parameters are to be loaded, those of its encoder too. */
    public SequenceRanker(Architecture architecture) {
        this(architecture, new SequenceEncoder(architecture.encoder()));
    }

    /** @param encoder trained */
    public SequenceRanker(Architecture architecture, SequenceEncoder encoder) {
        super(VERSION);
        this.encoder = addChildBlock("encoder", encoder);
        int h = architecture.hiddenSize();
        int f = architecture.denseFeatures();
        mean = scaling("mean", f);
        deviation = scaling("deviation", f);
        denseHidden = layer("dense", h, f);
        hidden = layer("hidden", h / 2, h);
        output = layer("output", 1, h / 2);
        wide = layer("wide", 1, f);
    }

    /**
     * The sizes that make a ranker.
     *
     * @param encoder sizes of its encoder
     * @param hiddenSize units of the hidden layer
     * @param denseFeatures dense features a candidate
     */
    public record Architecture(SequenceEncoder.Architecture encoder, int hiddenSize, int denseFeatures) {}

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
        encoder.initialize(manager, type, inputShapes);
    }

    /** Makes vectors of users and items. */
    public SequenceEncoder encoder() {
        return encoder;
    }

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
        NDArray dense = inputs.get(2);
        Forward forward = new Forward(store, dense.getDevice(), training);
        NDArray scaled =
                dense.sub(forward.value(mean)).div(forward.value(deviation)).clip(-MOST_DEVIATIONS, MOST_DEVIATIONS);
        NDArray first = forward.through(denseHidden, scaled);
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

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {inputShapes[1]};
    }
}
