package dev.rebound.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private final RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);

    private static BehaviourEvent.Builder anEvent() {
        return BehaviourEvent.newBuilder()
                .setEventId("e1")
                .setUserId("u1")
                .setType(EventType.VIEW)
                .setItemId("i1")
                .setEventTime(1_700_000_000_000L)
                .setAttributes(Map.of("device", "phone"));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        BehaviourEvent event = anEvent().setPosition(3).build();

        assertThat(codec.decode(codec.encode(event), null)).isEqualTo(event);
    }

    @Test
    void aReusedRecordKeepsNothingOfTheOneBefore() throws Exception {
        BehaviourEvent first = anEvent().setQuery("shoes").setPosition(3).build();
        BehaviourEvent second =
                anEvent().setEventId("e2").setAttributes(Map.of()).build();
        BehaviourEvent reuse = codec.decode(codec.encode(first), null);

        assertThat(codec.decode(codec.encode(second), reuse)).isEqualTo(second);
    }

    @Test
    void theHeaderIsTheMarkerAndTheFingerprintOfTheWriter() {
        byte[] bytes = codec.encode(anEvent().build());

        assertThat(Arrays.copyOf(bytes, 2)).containsExactly(0xC3, 0x01);
        assertThat(Arrays.copyOfRange(bytes, 2, 10)).isEqualTo(fingerprint(BehaviourEvent.getClassSchema()));
    }

    @Test
    void anEnumIndexOutsideTheSchemaIsNamedAsSuch() {
        byte[] bytes = codec.encode(anEvent().setSessionId(null).build());
        int type = 10 + 3 + 3 + 1;
        assertThat(bytes[type]).isEqualTo((byte) (2 * EventType.VIEW.ordinal()));
        bytes[type] = 60;

        assertRefused(bytes, DeadLetterReason.UNKNOWN_ENUM);
    }

    @Test
    void everyKindOfBadValueIsRefusedWithItsReason() {
        byte[] good = codec.encode(anEvent().build());
        byte[] unknownSchema = good.clone();
        unknownSchema[5] ^= 1;

        assertRefused(null, DeadLetterReason.NULL_VALUE);
        assertRefused(new byte[RecordCodec.MAX_BYTES + 1], DeadLetterReason.OVERSIZED);
        assertRefused(new byte[0], DeadLetterReason.UNDECODABLE);
        assertRefused("{\"eventId\":\"e1\"}".getBytes(StandardCharsets.UTF_8), DeadLetterReason.UNDECODABLE);
        assertRefused(unknownSchema, DeadLetterReason.UNDECODABLE);
        assertRefused(Arrays.copyOf(good, good.length - 1), DeadLetterReason.UNDECODABLE);
        assertRefused(Arrays.copyOf(good, good.length + 1), DeadLetterReason.UNDECODABLE);
    }

    @Test
    void aHugeLengthPrefixDoesNotAllocate() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Arrays.copyOf(codec.encode(anEvent().build()), 10));
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        encoder.writeLong(2_000_000_000L);
        encoder.flush();

        assertRefused(out.toByteArray(), DeadLetterReason.UNDECODABLE);
    }

    @Test
    void randomBytesNeverEscapeAsAnotherException() {
        Random random = new Random(7);
        byte[] good = codec.encode(anEvent().setQuery("red shoes").build());
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt();
            }
            try {
                codec.decode(bytes, null);
            } catch (UndecodableRecordException e) {
                assertThat(e.reason()).isIn(DeadLetterReason.UNDECODABLE, DeadLetterReason.UNKNOWN_ENUM);
            }
        }
    }

    @Test
    void anOlderReleasedVersionIsResolved() throws Exception {
        for (Schema version : SchemaHistory.versions("BehaviourEvent")) {
            GenericData.Record old = new GenericData.Record(version);
            old.put("eventId", "e1");
            old.put("userId", "u1");
            old.put("type", new GenericData.EnumSymbol(version.getField("type").schema(), "CLICK"));
            old.put("itemId", "i1");
            old.put("eventTime", 5L);
            old.put("attributes", Map.of());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(new byte[] {(byte) 0xC3, 1});
            out.writeBytes(fingerprint(version));
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericData.Record>(version).write(old, encoder);
            encoder.flush();

            assertThat(codec.decode(out.toByteArray(), null).getType()).isEqualTo(EventType.CLICK);
        }
    }

    private static byte[] fingerprint(Schema schema) {
        long value = SchemaNormalization.parsingFingerprint64(schema);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    private void assertRefused(byte[] bytes, DeadLetterReason reason) {
        assertThatThrownBy(() -> codec.decode(bytes, null))
                .isInstanceOfSatisfying(
                        UndecodableRecordException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
