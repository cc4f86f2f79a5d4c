package dev.rebound.operators.serialization;

import it.unimi.dsi.fastutil.objects.Object2ObjectLinkedOpenHashMap;
import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * Keyed state that is read once when a key comes up and written once when its changes are flushed, however many records
 * the key had in between. Whoever owns it flushes before each checkpoint barrier, so that a checkpoint holds every
 * change; between two flushes it holds at most {@code capacity} keys.
 */
public final class WriteBehindState<K, V> {

    /** Told of each key's value as it is written. */
    public interface Published<K, V> {
        void accept(K key, V value) throws Exception;
    }

    /** Makes the value of a key that has none. */
    public interface Initial<V> {
        V create();
    }

    private final KeyedStateBackend<K> backend;
    private final ValueState<V> state;
    private final Initial<V> initial;
    private final Published<K, V> published;
    private final int capacity;
    private final Object2ObjectLinkedOpenHashMap<K, V> changed;

    public WriteBehindState(
            KeyedStateBackend<K> backend,
            ValueState<V> state,
            Initial<V> initial,
            Published<K, V> published,
            int capacity) {
        this.backend = backend;
        this.state = state;
        this.initial = initial;
        this.published = published;
        this.capacity = capacity;
        this.changed = new Object2ObjectLinkedOpenHashMap<>(capacity);
    }

    /** The value of the backend's current key, to be changed in place. */
    public V current(K key) throws Exception {
        V value = changed.get(key);
        if (value != null) {
            return value;
        }
        if (changed.size() >= capacity) {
            flush();
            backend.setCurrentKey(key);
        }
        value = state.value();
        if (value == null) {
            value = initial.create();
        }
        changed.put(key, value);
        return value;
    }

    /** Whether the backend's current key has a value. */
    public boolean has(K key) throws Exception {
        return changed.containsKey(key) || state.value() != null;
    }

    /** Drops the current key's value for good. */
    public void clear(K key) {
        changed.remove(key);
        state.clear();
    }

    /** Writes and publishes every value that was asked for since the last flush. Changes the backend's current key. */
    public void flush() throws Exception {
        for (var entry : changed.object2ObjectEntrySet()) {
            backend.setCurrentKey(entry.getKey());
            write(entry.getValue());
            published.accept(entry.getKey(), entry.getValue());
        }
        changed.clear();
    }

    private void write(V value) throws IOException {
        state.update(value);
    }
}
