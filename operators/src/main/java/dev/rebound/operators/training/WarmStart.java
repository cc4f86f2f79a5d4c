package dev.rebound.operators.training;

import ai.djl.nn.Parameter;
import dev.rebound.operators.scoring.SequenceRanker;
import java.util.HashMap;
import java.util.Map;

/**
 * What a trained ranker knows, as the beginning of the next one: every parameter by its name, the scaling of the dense
 * features included, since the weights were fitted under it. A table of the same width with more rows keeps its rows and
 * begins the others as a new model would: that is how a vocabulary grows at its end.
 */
public final class WarmStart {
    private final SequenceRanker.Architecture sizes;
    private final Map<String, float[]> values = new HashMap<>();

    /** @param parent loaded; only read here, and no longer needed afterwards */
    public WarmStart(SequenceRanker.Architecture sizes, SequenceRanker parent) {
        this.sizes = sizes;
        for (var parameter : parent.getParameters()) {
            values.put(parameter.getKey(), parameter.getValue().getArray().toFloatArray());
        }
    }

    /** The sizes of a ranker that begins here. */
    SequenceRanker.Architecture architecture(int vocabularySize) {
        return new SequenceRanker.Architecture(
                vocabularySize,
                sizes.embeddingSize(),
                sizes.hiddenSize(),
                sizes.sequenceLength(),
                sizes.denseFeatures());
    }

    /**
     * Sets the parameters of a ranker of {@link #architecture}.
     *
     * @param ranker initialised
     */
    void copyTo(SequenceRanker ranker) {
        for (var each : ranker.getParameters()) {
            Parameter parameter = each.getValue();
            float[] known = values.get(each.getKey());
            long size = parameter.getArray().getShape().size();
            if (known == null || known.length > size) {
                throw new IllegalStateException("Parameter " + each.getKey() + " of shape "
                        + parameter.getArray().getShape() + " cannot begin with that of the parent; train from the"
                        + " beginning with this version of Rebound");
            }
            float[] begun = parameter.getArray().toFloatArray();
            System.arraycopy(known, 0, begun, 0, known.length);
            parameter.getArray().set(begun);
        }
    }
}
