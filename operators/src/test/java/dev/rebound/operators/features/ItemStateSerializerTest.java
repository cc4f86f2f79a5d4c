package dev.rebound.operators.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.serialization.Wire;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ItemStateSerializerTest {
    private final ItemStateSerializer serializer = new ItemStateSerializer();

    private static ItemState anItem(int... terms) {
        ItemState state = new ItemState();
        state.entry = new CatalogEntry(
                "lamp", "lamps", "brand", 1299, true, terms, terms.length == 0 ? new long[0] : new long[] {7}, 5);
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
        ItemState read = serializer.deserialize(new DataInputDeserializer(bytes(anItem(3, -4))));

        assertThat(read.entry.terms()).containsExactly(3, -4);
        assertThat(bytes(read)).isEqualTo(bytes(anItem(3, -4)));
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
        out.writeLong(5);
        out.writeLong(5);
        out.writeLong(7);
        out.writeDouble(1.5);
        out.writeDouble(DecayedSum.EMPTY);
        out.writeDouble(DecayedSum.EMPTY);
        out.writeDouble(DecayedSum.EMPTY);
        Wire.writeCount(0, out);

        ItemState read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(bytes(read)).isEqualTo(bytes(anItem()));
    }
}
