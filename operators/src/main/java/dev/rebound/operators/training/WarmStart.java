package dev.rebound.operators.training;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.rebound.operators.model.PyTorchEngine;
import dev.rebound.operators.model.SequenceEncoder;
import dev.rebound.operators.model.SequenceRanker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a trained ranker knows, as the beginning of the next one: every parameter by its name, the scaling of the dense
 * features included, since the weights were fitted under it. The encoder stays as it is: examples hold features that it
 * made, and an item that came later is known to it by its content.
 */
public final class WarmStart {
    private final SequenceRanker.Architecture sizes;
    private final List<String> itemIds;
    private final Map<String, float[]> ranker;
    private final Map<String, float[]> encoder;

    /**
     * @param parent loaded; only read here, and no longer needed afterwards
     * @param itemIds its vocabulary
     */
    public WarmStart(SequenceRanker.Architecture sizes, List<String> itemIds, SequenceRanker parent) {
        this.sizes = sizes;
        this.itemIds = List.copyOf(itemIds);
        this.ranker = values(parent);
        this.encoder = values(parent.encoder());
    }

    private static Map<String, float[]> values(Block block) {
        Map<String, float[]> values = new HashMap<>();
        for (var parameter : block.getParameters()) {
            values.put(parameter.getKey(), parameter.getValue().getArray().toFloatArray());
        }
        return values;
    }

    /** Units of the hidden layer of a ranker that begins here. */
    int hiddenSize() {
        return sizes.hiddenSize();
    }

    /** The parent's encoder, in memory of its own. */
    public TrainedEncoder encoder() {
        Model model = Model.newInstance("encoder", PyTorchEngine.forTraining().getEngineName());
        SequenceEncoder copy = new SequenceEncoder(sizes.encoder());
        model.setBlock(copy);
        copy.initialize(
                model.getNDManager(),
                DataType.FLOAT32,
                new Shape(1, 1, sizes.encoder().size()),
                new Shape(1, 1),
                new Shape(1, 1));
        set(copy, encoder);
        copy.freezeParameters(true);
        return new TrainedEncoder(model, copy, sizes.encoder(), itemIds, EncoderReport.NOT_TRAINED);
    }

    /**
     * Sets the parameters of a ranker of the same sizes.
     *
     * @param next initialised
     */
    void copyTo(SequenceRanker next) {
        set(next, ranker);
    }

    private static void set(Block block, Map<String, float[]> values) {
        for (var each : block.getParameters()) {
            set(each.getValue(), each.getKey(), values.get(each.getKey()));
        }
    }

    private static void set(Parameter parameter, String name, float @Nullable [] known) {
        if (known == null || known.length != parameter.getArray().getShape().size()) {
            throw new IllegalStateException("Parameter " + name + " of shape "
                    + parameter.getArray().getShape() + " cannot begin with that of the parent; train from the"
                    + " beginning with this version of Rebound: rebound model train");
        }
        parameter.getArray().set(known);
    }
}
