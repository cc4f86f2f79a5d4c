package dev.rebound.deploy.lab.shop;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** What producers get wrong, one of each kind. Every one must end as a dead letter. */
enum CorruptRecord {
    CORRUPT_BYTES {
        @Override
        byte[] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            byte[] value = codec.encode(event);
            return Arrays.copyOf(value, value.length / 2);
        }
    },
    UNKNOWN_ENUM_VALUE {
        @Override
        byte[] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            byte[] header = Arrays.copyOf(codec.encode(event), HEADER_BYTES);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(header);
            out.writeBytes(fromTheFuture(event));
            return out.toByteArray();
        }
    },
    NO_USER {
        @Override
        byte[] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            return codec.encode(BehaviourEvent.newBuilder(event).setUserId("").build());
        }
    },
    OVERSIZED {
        @Override
        byte[] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            return Arrays.copyOf(codec.encode(event), RecordCodec.MAX_BYTES + 1000);
        }
    },
    NULL_VALUE {
        @Override
        byte @Nullable [] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            return null;
        }
    },
    YEAR_3000 {
        @Override
        byte[] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
            long then = Instant.parse("3000-01-01T00:00:00Z").toEpochMilli();
            return codec.encode(
                    BehaviourEvent.newBuilder(event).setEventTime(then).build());
        }
    };

    private static final int HEADER_BYTES = 10;
    private static final String FUTURE_TYPE = "TELEPORT";

    abstract byte @Nullable [] value(BehaviourEvent event, RecordCodec<BehaviourEvent> codec);

    /** An event, spoiled. */
    FeedRecord spoil(BehaviourEvent event, RecordCodec<BehaviourEvent> codec) {
        byte[] key = this == NO_USER ? null : event.getUserId().getBytes(StandardCharsets.UTF_8);
        return new FeedRecord(Topic.BEHAVIOUR_EVENTS, key, value(event, codec));
    }

    /** The event's body as a producer writes it that knows one more event type. */
    private static byte[] fromTheFuture(BehaviourEvent event) {
        Schema current = BehaviourEvent.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : current.getFields()) {
            fields.add(new Schema.Field(
                    field.name(), field.name().equals("type") ? futureTypes(field.schema()) : field.schema()));
        }
        Schema future = Schema.createRecord(current.getName(), null, current.getNamespace(), false, fields);
        GenericData.Record spoiled = new GenericData.Record(future);
        current.getFields().forEach(field -> spoiled.put(field.name(), event.get(field.pos())));
        spoiled.put("type", new GenericData.EnumSymbol(future.getField("type").schema(), FUTURE_TYPE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(future).write(spoiled, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Schema futureTypes(Schema types) {
        List<String> symbols = new ArrayList<>(types.getEnumSymbols());
        symbols.add(FUTURE_TYPE);
        return Schema.createEnum(types.getName(), null, types.getNamespace(), symbols);
    }
}
