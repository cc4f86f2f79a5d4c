package dev.rebound.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.core.Embedding;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.rebound.operators.model.SequenceEncoder;

/**
 * A {@link SequenceEncoder} in training: at each of some places of each sequence the dot product with the item that came
 * next, and with items drawn by chance, each less the logarithm of how often it is drawn (sampled softmax: Jean, Cho,
 * Memisevic, Bengio, ACL 2015, section 3).
 *
 * <p>Inputs: own rows int32 (items), content rows int32 (items, rows), content embeddings float32 (items, n), sequences int32
 * (users, length) of those items, newest first, types int32 of the same shape, places int32 (length, length), asked int32
 * (targets), each a place of the flattened sequences, their next items int32 (targets), logarithms float32 (targets), items
 * drawn int32 (drawn), logarithms float32 (drawn). Output: logits float32 (targets, 1 + drawn), that of the next item first.
 */
final class NextItemModel extends AbstractBlock {
    private static final byte VERSION = 1;
    private static final float FAR_BELOW = -1e4f;

    private final SequenceEncoder encoder;

    NextItemModel(SequenceEncoder encoder) {
        super(VERSION);
        this.encoder = addChildBlock("encoder", encoder);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
        encoder.initialize(manager, type, inputShapes);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray vectors = encoder.items(store, inputs.get(0), inputs.get(1), inputs.get(2), training);
        NDArray sequences = rows(vectors, inputs.get(3));
        NDArray next = inputs.get(7);
        NDArray drawn = inputs.get(9);
        NDArray encoded = encoder.forward(store, new NDList(sequences, inputs.get(4), inputs.get(5)), training)
                .head();
        NDArray users = rows(encoded.reshape(-1, encoder.size()), inputs.get(6));
        NDArray taken = users.mul(rows(vectors, next))
                .sum(new int[] {1}, true)
                .sub(inputs.get(8).expandDims(1));
        NDArray same = next.expandDims(1)
                .eq(drawn.expandDims(0))
                .toType(DataType.FLOAT32, false)
                .mul(FAR_BELOW);
        NDArray others = users.matMul(rows(vectors, drawn).transpose())
                .sub(inputs.get(10).expandDims(0))
                .add(same);
        return new NDList(taken.concat(others, 1));
    }

    private static NDArray rows(NDArray table, NDArray indexes) {
        return Embedding.embedding(indexes, table, SparseFormat.DENSE).head();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[7].get(0), 1 + inputShapes[9].get(0))};
    }
}
