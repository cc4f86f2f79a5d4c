package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.rebound.operators.retrieval.EmbeddingMatches;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.retrieval.PopularItems;
import dev.rebound.operators.retrieval.RecentSlots;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.schemas.EventType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link SequenceEncoder}: keeps the vector of each item of a table, makes those of a batch of users in one forward
 * pass, and finds the offered items that fit each user best, exactly, by one matrix product for all of the batch. Vectors
 * of items are made when they are first needed and again when the item's content has changed. Of more offered items than
 * {@link NearestVectors#most} it looks among the newest. Some 150 bytes an item of
 * the table, 270 more if it is offered, and 260 an item of the vocabulary. Owned by one thread.
 */
public final class UserEncoder implements AutoCloseable {
    /** Nearest items a user. */
    public static final int NEAREST = 32;

    private static final int LENGTH = FeatureBatch.SEQUENCE_LENGTH;
    private static final int VIEW = EventType.VIEW.ordinal();
    private static final int[] NOT_MADE = {};
    private static final float[] NO_EMBEDDING = {};

    private final SequenceEncoder encoder;
    private final ItemVocabulary vocabulary;
    private final ItemTower tower;
    private final int size;
    private final Device device;
    private final NDManager manager;
    private final ParameterStore parameters;
    private final int[] ages = new int[LENGTH];
    private final float[] nothing;
    private final int[] content = new int[ItemContent.MOST];
    private final Matches matches = new Matches();

    private @Nullable ItemTable table;
    private float[] vectors = {};
    private int[][] termsOf = {};
    private int[] priceLevelOf = {};
    private float[][] embeddingOf = {};

    private int[] offered = {};
    private float[] offeredVectors = {};
    private final NearestVectors nearest;

    private ByteBuffer sequences = direct(0);
    private FloatBuffer sequenceFloats = sequences.asFloatBuffer();
    private float[] users = {};
    private float[] greatest = {};

    /**
     * @param manager of the device that the encoder is on
     * @param vocabulary of the items that have a row of their own
     */
    public UserEncoder(SequenceEncoder encoder, ItemVocabulary vocabulary, NDManager manager) {
        this.encoder = encoder;
        this.vocabulary = vocabulary;
        this.tower = encoder.itemTower();
        this.size = encoder.size();
        this.nothing = new float[size];
        this.device = manager.getDevice();
        this.manager = manager.newSubManager();
        this.parameters = new ParameterStore(this.manager, false);
        this.nearest = new NearestVectors(size, NEAREST, this.manager);
        Arrays.setAll(ages, n -> n);
    }

    /** That of a model; null where it has none. */
    public static @Nullable UserEncoder of(Model model, ItemVocabulary vocabulary) {
        return model.getBlock() instanceof SequenceRanker ranker
                ? new UserEncoder(ranker.encoder(), vocabulary, model.getNDManager())
                : null;
    }

    private static ByteBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    /** Makes the vectors of a batch, and finds what is near. */
    public void encode(
            FeatureBatch batch, List<ScoringTask> tasks, RecentSlots[] slots, ItemTable items, PopularItems popular) {
        follow(items, popular);
        int rows = DjlRankingModel.padded(tasks.size(), batch.capacity());
        sequencesBuffer(batch.capacity());
        for (int user = 0; user < tasks.size(); user++) {
            sequence(user, tasks.get(user), slots[user]);
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray encoded = forward(batch, rows, scope);
            users = encoded.toFloatArray();
            greatest = nearest.groups(encoded);
        }
    }

    /** The matches of a user of the batch, until the next one is asked for. */
    public EmbeddingMatches matches(int user, ScoringTask task) {
        if (task.recent.size() == 0) {
            return EmbeddingMatches.NONE;
        }
        matches.of(user);
        return matches;
    }

    /**
     * The vectors of users who viewed items of which nothing is known but their own rows: what a loaded model is checked by.
     *
     * @param sequences int (users x sequence length), rows of the vocabulary, newest first, 0 = none
     */
    public float[][] ofRows(int[][] sequences) {
        FeatureBatch batch = new FeatureBatch(sequences.length, 1);
        float[] vector = new float[size];
        sequencesBuffer(sequences.length);
        for (int user = 0; user < sequences.length; user++) {
            for (int n = 0; n < LENGTH; n++) {
                int row = sequences[user][n];
                batch.setType(user, n, row == 0 ? 0 : VIEW);
                tower.write(row, content, 0, NO_EMBEDDING, vector, 0);
                put(user, n, vector, 0);
            }
        }
        float[][] result = new float[sequences.length][];
        try (NDManager scope = manager.newSubManager()) {
            float[] all = forward(batch, sequences.length, scope).toFloatArray();
            for (int user = 0; user < result.length; user++) {
                result[user] = Arrays.copyOfRange(all, user * size, (user + 1) * size);
            }
        }
        return result;
    }

    private void sequencesBuffer(int capacity) {
        if (sequences.capacity() < capacity * LENGTH * size * Float.BYTES) {
            sequences = direct(capacity * LENGTH * size);
            sequenceFloats = sequences.asFloatBuffer();
        }
    }

    private void put(int user, int n, float[] from, int at) {
        sequenceFloats.put((user * LENGTH + n) * size, from, at, size);
    }

    private void sequence(int user, ScoringTask task, RecentSlots slots) {
        for (int n = 0; n < LENGTH; n++) {
            int slot = n < task.recent.size() ? slots.slot(n) : RecentSlots.NONE;
            if (slot == RecentSlots.NONE) {
                put(user, n, nothing, 0);
            } else {
                put(user, n, vectors, vector(slot));
            }
        }
    }

    private NDArray forward(FeatureBatch batch, int rows, NDManager scope) {
        NDManager host = device.isGpu() ? scope.newSubManager(Device.cpu()) : scope;
        NDList inputs = new NDList(
                host.create(
                        sequences.slice(0, rows * LENGTH * size * Float.BYTES).order(ByteOrder.nativeOrder()),
                        new Shape(rows, LENGTH, size),
                        DataType.FLOAT32),
                host.create(batch.typesSlice(rows), new Shape(rows, LENGTH), DataType.INT32));
        NDList moved = device.isGpu() ? inputs.toDevice(device, false) : inputs;
        // Made for each batch: results belong to the manager of their first operand, and would live as long as it does.
        moved.add(scope.create(ages, new Shape(1, LENGTH)));
        return encoder.forward(parameters, moved, false).head().squeeze(1);
    }

    private void follow(ItemTable items, PopularItems popular) {
        if (table != items) {
            table = items;
            Arrays.fill(termsOf, NOT_MADE);
            offered = new int[0];
        }
        makeRoom(items.size());
        int[] now = popular.offered();
        if (offered != now) {
            // Not before they are taken over: what fails on the way is done again for the next batch.
            lookAmong(now);
            offered = now;
        }
    }

    private void makeRoom(int slots) {
        int had = termsOf.length;
        if (had < slots) {
            int length = room(slots, size);
            vectors = Arrays.copyOf(vectors, length * size);
            termsOf = Arrays.copyOf(termsOf, length);
            Arrays.fill(termsOf, had, length, NOT_MADE);
            priceLevelOf = Arrays.copyOf(priceLevelOf, length);
            embeddingOf = Arrays.copyOf(embeddingOf, length);
        }
    }

    /** Of more items than an array has room for, none is encoded: the batch fails, and falls back. */
    static int room(int slots, int size) {
        long most = Integer.MAX_VALUE / size;
        if (slots > most) {
            throw new IllegalStateException("The table has " + slots + " items, vectors of " + size
                    + " floats can be kept of " + most + "; use a model of smaller vectors");
        }
        return (int) Math.min(slots + slots / 2L, most);
    }

    private void lookAmong(int[] slots) {
        int count = Math.min(slots.length, NearestVectors.most(size));
        if (offeredVectors.length < count * size) {
            offeredVectors = new float[NearestVectors.withRoom(count, size) * size];
        }
        for (int n = 0; n < count; n++) {
            System.arraycopy(vectors, vector(slots[n]), offeredVectors, n * size, size);
        }
        nearest.among(offeredVectors, count);
    }

    /** Where the vector of an item begins, made anew if its content has changed. */
    private int vector(int slot) {
        int at = slot * size;
        ItemTable items = Objects.requireNonNull(table);
        Item item = items.item(slot);
        if (item == null) {
            Arrays.fill(vectors, at, at + size, 0f);
            return at;
        }
        int level = ItemContent.priceLevel(item);
        if (termsOf[slot] != item.terms || priceLevelOf[slot] != level || embeddingOf[slot] != item.embedding) {
            int count = ItemContent.rows(item, items.terms(), content);
            tower.write(vocabulary.row(item.itemKey), content, count, item.embedding, vectors, at);
            termsOf[slot] = item.terms;
            priceLevelOf[slot] = level;
            embeddingOf[slot] = item.embedding;
        }
        return at;
    }

    private final class Matches implements EmbeddingMatches {
        private final int[] indexes = new int[NEAREST];
        private int user;
        private int count;

        void of(int asked) {
            user = asked;
            GreatestScores found = nearest.of(greatest, users, asked);
            count = found.size();
            found.copyTo(indexes, 0);
        }

        @Override
        public int size() {
            return count;
        }

        @Override
        public int slot(int n) {
            return offered[indexes[n]];
        }

        @Override
        public float score(int slot) {
            return NearestVectors.dot(users, user * size, vectors, vector(slot), size);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
