package dev.rebound.operators.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.rebound.operators.model.ItemContent;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.retrieval.ItemTable;
import dev.rebound.operators.retrieval.ItemTable.Item;
import dev.rebound.operators.training.InteractionSequences.Sequence;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Windows of interactions as batches for {@link NextItemModel}: each interaction but a user's first is once a target. */
final class SequenceBatches {
    /** Items drawn for a batch. */
    private static final int DRAWN = 512;

    /** How often a known item is treated as one that only its content is known of (DropoutNet: Volkovs, NIPS 2017). */
    private static final double FORGOTTEN = 0.1;

    /** Below it, an item with content is known by that alone: its own row would learn its few moments by heart. */
    private static final int LEAST_INTERACTIONS = 4;

    private final int length;
    private final int embedding;
    private final List<Window> windows = new ArrayList<>();
    private final Long2IntOpenHashMap indexes = new Long2IntOpenHashMap();
    private final IntArrayList own = new IntArrayList();
    private final List<int[]> content = new ArrayList<>();
    private final List<float[]> embeddings = new ArrayList<>();
    private final IntArrayList counts = new IntArrayList();
    private int[] drawable = {};

    /** A target's place is one after that of the newest interaction that it is predicted from. */
    private record Window(int user, Sequence of, int begin, int end) {
        int length() {
            return end - begin;
        }
    }

    /**
     * @param length most interactions that an item is predicted from
     * @param embedding floats of a content embedding
     */
    SequenceBatches(
            InteractionSequences sequences, ItemTable table, ItemVocabulary vocabulary, int length, int embedding) {
        this.length = length;
        this.embedding = embedding;
        noItem();
        int user = 0;
        for (Sequence sequence : sequences.ofTwoOrMore()) {
            for (long key : sequence.itemKeys) {
                count(key, table, vocabulary);
            }
            for (int end = sequence.itemKeys.size() - 1; end > 0; end -= length) {
                windows.add(new Window(user, sequence, Math.max(0, end - length), end));
            }
            user++;
        }
        drawable = drawable();
        for (int item = 1; item < own.size(); item++) {
            if (counts.getInt(item) < LEAST_INTERACTIONS && content.get(item).length > 0) {
                own.set(item, 0);
            }
        }
    }

    private void noItem() {
        indexes.defaultReturnValue(-1);
        own.add(0);
        content.add(new int[0]);
        embeddings.add(new float[0]);
        counts.add(0);
    }

    private void count(long key, ItemTable table, ItemVocabulary vocabulary) {
        int index = indexes.get(key);
        if (index < 0) {
            index = own.size();
            indexes.put(key, index);
            own.add(vocabulary.row(key));
            Item item = table.byKey(key);
            int[] rows = new int[ItemContent.MOST];
            int size = item == null ? 0 : ItemContent.rows(item, table.terms(), rows);
            content.add(Arrays.copyOf(rows, size));
            embeddings.add(item == null ? new float[0] : item.embedding);
            counts.add(0);
        }
        counts.set(index, counts.getInt(index) + 1);
    }

    /** Half by how often an item was interacted with, half each item alike: what is drawn are the indexes of this. */
    private int[] drawable() {
        int[] all = new int[counts.intStream().sum()];
        int at = 0;
        for (int item = 1; item < own.size(); item++) {
            Arrays.fill(all, at, at + counts.getInt(item), item);
            at += counts.getInt(item);
        }
        return all;
    }

    private int draw(SplittableRandom random) {
        return random.nextBoolean() ? drawable[random.nextInt(drawable.length)] : 1 + random.nextInt(own.size() - 1);
    }

    private float logOfDrawing(int item) {
        double chance = 0.5 * counts.getInt(item) / drawable.length + 0.5 / (own.size() - 1);
        return (float) Math.log(DRAWN * chance);
    }

    /** Rows that nothing is learned of, and to which chance gave something that says nothing. */
    int[] rowsNotLearned(int vocabularySize) {
        BitSet learned = new BitSet(vocabularySize);
        own.forEach(learned::set);
        return IntStream.range(0, vocabularySize)
                .filter(row -> row == 0 || !learned.get(row))
                .toArray();
    }

    /** The windows of some users, who are numbered from 0 on: what is learned of one would tell of the next of the same. */
    int[] windowsOf(IntPredicate users) {
        return IntStream.range(0, windows.size())
                .filter(window -> users.test(windows.get(window).user()))
                .toArray();
    }

    int windowLength(int window) {
        return windows.get(window).length();
    }

    /**
     * The inputs of some windows.
     *
     * @param random what is drawn, and forgotten
     * @param forgets whether known items are treated as unknown now and then
     */
    NDList inputs(int[] some, SplittableRandom random, boolean forgets, NDManager manager) {
        int most = Arrays.stream(some).map(this::windowLength).max().orElse(1);
        Batch batch = new Batch(some.length, most);
        for (int user = 0; user < some.length; user++) {
            batch.add(windows.get(some[user]), user);
        }
        int[] drawn = new int[DRAWN];
        float[] drawnLogs = new float[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            int item = draw(random);
            drawn[i] = batch.local(item);
            drawnLogs[i] = logOfDrawing(item);
        }
        int items = batch.items.size();
        int[] rows = new int[items];
        int[] about = new int[items * ItemContent.MOST];
        float[] shop = new float[items * Math.max(1, embedding)];
        for (int i = 0; i < items; i++) {
            int item = batch.items.getInt(i);
            int[] its = content.get(item);
            boolean forgotten = forgets && its.length > 0 && random.nextDouble() < FORGOTTEN;
            rows[i] = forgotten ? 0 : own.getInt(item);
            System.arraycopy(its, 0, about, i * ItemContent.MOST, its.length);
            if (embedding > 0 && embeddings.get(item).length == embedding) {
                System.arraycopy(embeddings.get(item), 0, shop, i * embedding, embedding);
            }
        }
        int targets = batch.asked.size();
        return new NDList(
                manager.create(rows, new Shape(items)),
                manager.create(about, new Shape(items, ItemContent.MOST)),
                manager.create(shop, new Shape(items, Math.max(1, embedding))),
                manager.create(batch.sequences, new Shape(some.length, most)),
                manager.create(batch.types, new Shape(some.length, most)),
                manager.create(places(most), new Shape(most, most)),
                manager.create(batch.asked.toIntArray(), new Shape(targets)),
                manager.create(batch.next.toIntArray(), new Shape(targets)),
                manager.create(batch.logs(), new Shape(targets)),
                manager.create(drawn, new Shape(DRAWN)),
                manager.create(drawnLogs, new Shape(DRAWN)));
    }

    private int[] places(int most) {
        int[] places = new int[most * most];
        for (int asking = 0; asking < most; asking++) {
            for (int key = 0; key < most; key++) {
                places[asking * most + key] = key < asking ? length : key - asking;
            }
        }
        return places;
    }

    private final class Batch {
        final Int2IntOpenHashMap locals = new Int2IntOpenHashMap();
        final IntArrayList items = new IntArrayList();
        final IntArrayList asked = new IntArrayList();
        final IntArrayList next = new IntArrayList();
        final int most;
        final int[] sequences;
        final int[] types;

        Batch(int users, int most) {
            this.most = most;
            sequences = new int[users * most];
            types = new int[users * most];
            locals.defaultReturnValue(-1);
            local(0);
        }

        int local(int item) {
            int local = locals.get(item);
            if (local < 0) {
                local = items.size();
                items.add(item);
                locals.put(item, local);
            }
            return local;
        }

        void add(Window window, int user) {
            for (int n = 0; n < window.length(); n++) {
                int at = window.end() - 1 - n;
                int place = user * most + n;
                sequences[place] = local(indexes.get(window.of().itemKeys.getLong(at)));
                types[place] = window.of().types.getInt(at);
                asked.add(place);
                next.add(local(indexes.get(window.of().itemKeys.getLong(at + 1))));
            }
        }

        float[] logs() {
            float[] logs = new float[next.size()];
            for (int i = 0; i < logs.length; i++) {
                logs[i] = logOfDrawing(items.getInt(next.getInt(i)));
            }
            return logs;
        }
    }
}
