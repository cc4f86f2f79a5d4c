package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.rebound.operators.item.Interaction;
import java.util.Arrays;

/**
 * Makes vectors of users and items whose dot product tells what a user takes next. An item is what was learned of it alone
 * plus what was learned of its content: hashed terms, price level and, where the shop has one, its content embedding. A user is
 * self-attention over the recent interactions, items and kinds of events, by learned weights of their positions (SASRec: Kang, McAuley,
 * ICDM 2018; positions relative to the newest one: Shaw, Uszkoreit, Vaswani, NAACL 2018), and a feed-forward layer.
 *
 * <p>Inputs: item vectors float32 (users, length, size), newest first, zero where there is none; event types int32 (users,
 * length), 0 where there is none; places int32 (queries, length), how many places each key is older than each query, a key
 * that is newer being the sequence length. Output: float32 (users, queries, size), queries being the newest interactions.
 */
public final class SequenceEncoder extends AbstractBlock {
    private static final byte VERSION = 1;
    private static final float FAR_BELOW = -1e4f;
    private static final float DROPOUT = 0.2f;

    private final int size;
    private final int sequenceLength;
    private final Parameter items;
    private final Parameter content;
    private final Parameter projection;
    private final Parameter types;
    private final Parameter positions;
    private final Parameter query;
    private final Parameter key;
    private final Parameter value;
    private final Parameter widen;
    private final Parameter widenBias;
    private final Parameter narrow;
    private final Parameter narrowBias;

    /**
     * The sizes that make an encoder.
     *
     * @param vocabularySize items that have a vector of their own, and row 0 for none
     * @param size floats a vector
     * @param sequenceLength recent interactions
     * @param contentEmbedding floats of the shop's content embeddings; 0 where it has none
     */
    public record Architecture(int vocabularySize, int size, int sequenceLength, int contentEmbedding) {}

    public SequenceEncoder(Architecture architecture) {
        super(VERSION);
        int d = architecture.size();
        size = d;
        sequenceLength = architecture.sequenceLength();
        items = parameter("items", Parameter.Type.WEIGHT, new Shape(architecture.vocabularySize(), d));
        content = parameter("content", Parameter.Type.WEIGHT, new Shape(ItemContent.ROWS, d));
        projection = parameter(
                "projection", Parameter.Type.WEIGHT, new Shape(Math.max(1, architecture.contentEmbedding()), d));
        types = parameter("types", Parameter.Type.WEIGHT, new Shape(Interaction.types(), d));
        positions = parameter("positions", Parameter.Type.BIAS, new Shape(sequenceLength + 1, 1));
        query = parameter("query", Parameter.Type.WEIGHT, new Shape(d, d));
        key = parameter("key", Parameter.Type.WEIGHT, new Shape(d, d));
        value = parameter("value", Parameter.Type.WEIGHT, new Shape(d, d));
        widen = parameter("widen", Parameter.Type.WEIGHT, new Shape(d, 2L * d));
        widenBias = parameter("widen_bias", Parameter.Type.BIAS, new Shape(2L * d));
        narrow = parameter("narrow", Parameter.Type.WEIGHT, new Shape(2L * d, d));
        narrowBias = parameter("narrow_bias", Parameter.Type.BIAS, new Shape(d));
    }

    private Parameter parameter(String name, Parameter.Type type, Shape shape) {
        return addParameter(
                Parameter.builder().setName(name).setType(type).optShape(shape).build());
    }

    /** Sets the vectors of rows to zero; once the block is initialised. */
    public void forget(int[] rows) {
        float[] values = items.getArray().toFloatArray();
        for (int row : rows) {
            Arrays.fill(values, row * size, (row + 1) * size, 0f);
        }
        items.getArray().set(values);
    }

    /** Floats a vector. */
    public int size() {
        return size;
    }

    /** Recent interactions that it reads. */
    public int sequenceLength() {
        return sequenceLength;
    }

    /** The item tower on the heap, as it is now. */
    ItemTower itemTower() {
        return new ItemTower(
                size,
                items.getArray().toFloatArray(),
                content.getArray().toFloatArray(),
                projection.getArray().toFloatArray());
    }

    /**
     * The vectors of items, as {@link ItemTower} makes them too.
     *
     * @param own int32 (items), rows of their own; 0 for none
     * @param contentRows int32 (items, rows), of {@link ItemContent}; 0 for none
     * @param embeddings float32 (items, content embedding)
     * @return float32 (items, size)
     */
    public NDArray items(ParameterStore store, NDArray own, NDArray contentRows, NDArray embeddings, boolean training) {
        Device device = own.getDevice();
        NDArray known = own.neq(0).toType(DataType.FLOAT32, false).expandDims(1);
        NDArray alone = Embedding.embedding(own, store.getValue(items, device, training), SparseFormat.DENSE)
                .head()
                .mul(known);
        NDArray present = contentRows.neq(0).toType(DataType.FLOAT32, false);
        NDArray count = present.sum(new int[] {1}, true);
        NDArray rows = Embedding.embedding(contentRows, store.getValue(content, device, training), SparseFormat.DENSE)
                .head();
        NDArray about = present.expandDims(1)
                .matMul(rows)
                .squeeze(1)
                .div(count.maximum(1f).sqrt());
        return alone.add(about).add(embeddings.matMul(store.getValue(projection, device, training)));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray kinds = inputs.get(1);
        NDArray places = inputs.get(2);
        Device device = kinds.getDevice();
        long queries = places.getShape().get(0);
        NDArray read = inputs.get(0)
                .add(Embedding.embedding(kinds, store.getValue(types, device, training), SparseFormat.DENSE)
                        .head());
        NDArray x = training ? Dropout.dropout(read, DROPOUT, true).head() : read;
        NDArray asking = queries == x.getShape().get(1) ? x : x.get(NDIndex.sliceAxis(1, 0, queries));
        NDArray fit = asking.matMul(store.getValue(query, device, training))
                .matMul(x.matMul(store.getValue(key, device, training)).transpose(0, 2, 1))
                .div((float) Math.sqrt(size));
        NDArray byPlace = Embedding.embedding(places, store.getValue(positions, device, training), SparseFormat.DENSE)
                .head()
                .squeeze(2);
        NDArray newer =
                places.gte(sequenceLength).toType(DataType.FLOAT32, false).mul(FAR_BELOW);
        NDArray absent =
                kinds.eq(0).toType(DataType.FLOAT32, false).mul(FAR_BELOW).expandDims(1);
        NDArray attention =
                fit.add(byPlace.add(newer).expandDims(0)).add(absent).softmax(2);
        NDArray attended = asking.add(attention.matMul(x).matMul(store.getValue(value, device, training)));
        NDArray wide = Activation.relu(attended.matMul(store.getValue(widen, device, training))
                .add(store.getValue(widenBias, device, training)));
        NDArray hidden = training ? Dropout.dropout(wide, DROPOUT, true).head() : wide;
        return new NDList(attended.add(hidden.matMul(store.getValue(narrow, device, training)))
                .add(store.getValue(narrowBias, device, training)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {new Shape(inputShapes[0].get(0), inputShapes[2].get(0), size)};
    }
}
