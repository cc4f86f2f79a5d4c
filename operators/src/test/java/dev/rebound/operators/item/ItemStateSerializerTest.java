package dev.rebound.operators.item;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.serialization.Wire;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ItemStateSerializerTest {
    private final ItemStateSerializer serializer = new ItemStateSerializer();

    private static ItemState anItem(int... terms) {
        return anItem(new float[0], terms);
    }

    private static ItemState anItem(float[] embedding, int... terms) {
        ItemState state = new ItemState();
        long[] numbers = terms.length == 0 ? new long[0] : new long[] {7};
        state.entry = new CatalogEntry("lamp", "lamps", "brand", 1299, true, terms, numbers, embedding, 5);
        state.firstSeenMillis = 5;
        state.newestMillis = 7;
        state.popularity = 1.5;
        return state;
    }

    private byte[] bytes(ItemState state) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        byte[] written = bytes(anItem(new float[] {0.5f, -1}, 3, -4));

        ItemState read = serializer.deserialize(new DataInputDeserializer(written));

        assertThat(read.entry.terms()).containsExactly(3, -4);
        assertThat(read.entry.embedding()).containsExactly(0.5f, -1);
        assertThat(bytes(read)).isEqualTo(written);
    }

    /** The format before items had content embeddings. */
    @Test
    void theSecondVersionIsStillRead() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeByte(2);
        out.writeBoolean(true);
        Wire.writeString("lamp", out);
        Wire.writeString("lamps", out);
        Wire.writeString("brand", out);
        out.writeLong(1299);
        out.writeBoolean(true);
        Wire.writeInts(new int[] {3}, out);
        Wire.writeCount(1, out);
        out.writeLong(7);
        writeRest(out);

        ItemState read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(bytes(read)).isEqualTo(bytes(anItem(3)));
    }

    /** From the time of the update on: what has always been. */
    private static void writeRest(DataOutputSerializer out) throws Exception {
        out.writeLong(5);
        out.writeLong(5);
        out.writeLong(7);
        out.writeDouble(1.5);
        out.writeDouble(DecayedSum.EMPTY);
        out.writeDouble(DecayedSum.EMPTY);
        out.writeDouble(DecayedSum.EMPTY);
        Wire.writeCount(0, out);
    }

    /** The format before items had terms. */
    @Test
    void theFirstVersionIsStillRead() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeByte(1);
        out.writeBoolean(true);
        Wire.writeString("lamp", out);
        Wire.writeString("lamps", out);
        Wire.writeString("brand", out);
        out.writeLong(1299);
        out.writeBoolean(true);
        writeRest(out);

        ItemState read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(bytes(read)).isEqualTo(bytes(anItem()));
    }
}
