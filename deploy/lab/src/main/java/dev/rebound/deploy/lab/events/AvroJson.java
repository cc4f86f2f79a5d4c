package dev.rebound.deploy.lab.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Fills an Avro record from plain JSON: absent fields take their defaults and a union is just its value, unlike in
 * Avro's own JSON, which demands every field and names each union's branch.
 */
final class AvroJson {
    private AvroJson() {}

    /** @throws IllegalArgumentException naming the field that is missing, unknown or of another type */
    static <T extends SpecificRecord> T read(JsonNode json, T record) {
        json.fieldNames().forEachRemaining(name -> {
            if (record.getSchema().getField(name) == null) {
                throw new IllegalArgumentException("there is no field '" + name + "' in "
                        + record.getSchema().getName() + ", allowed are "
                        + record.getSchema().getFields().stream()
                                .map(Schema.Field::name)
                                .toList());
            }
        });
        for (Schema.Field field : record.getSchema().getFields()) {
            JsonNode value = json.get(field.name());
            if (value == null) {
                if (!field.hasDefaultValue()) {
                    throw new IllegalArgumentException("the field '" + field.name() + "' is missing");
                }
                record.put(
                        field.pos(),
                        SpecificData.get()
                                .deepCopy(field.schema(), SpecificData.get().getDefaultValue(field)));
            } else {
                record.put(field.pos(), value(field.name(), field.schema(), value));
            }
        }
        return record;
    }

    private static @Nullable Object value(String field, Schema schema, JsonNode json) {
        switch (schema.getType()) {
            case UNION -> {
                if (json.isNull()) {
                    return null;
                }
                return value(field, schema.getTypes().get(1), json);
            }
            case STRING -> {
                return require(json.isTextual(), field, "a string", json).textValue();
            }
            case INT -> {
                return require(json.canConvertToInt() && json.isIntegralNumber(), field, "a whole number", json)
                        .intValue();
            }
            case LONG -> {
                return require(json.canConvertToLong() && json.isIntegralNumber(), field, "a whole number", json)
                        .longValue();
            }
            case FLOAT -> {
                return require(json.isNumber(), field, "a number", json).floatValue();
            }
            case BOOLEAN -> {
                return require(json.isBoolean(), field, "true or false", json).booleanValue();
            }
            case ENUM -> {
                boolean known = json.isTextual() && schema.hasEnumSymbol(json.textValue());
                require(known, field, "one of " + schema.getEnumSymbols(), json);
                return SpecificData.get().createEnum(json.textValue(), schema);
            }
            case ARRAY -> {
                List<Object> values = new ArrayList<>();
                require(json.isArray(), field, "a list", json)
                        .forEach(element -> values.add(value(field, schema.getElementType(), element)));
                return values;
            }
            case MAP -> {
                Map<String, Object> values = new HashMap<>();
                require(json.isObject(), field, "an object", json)
                        .properties()
                        .forEach(entry ->
                                values.put(entry.getKey(), value(field, schema.getValueType(), entry.getValue())));
                return values;
            }
            default -> throw new IllegalStateException("No record has a " + schema.getType() + " field: " + field);
        }
    }

    private static JsonNode require(boolean right, String field, String wanted, JsonNode found) {
        if (!right) {
            throw new IllegalArgumentException("the field '" + field + "' is " + found + ", wanted is " + wanted);
        }
        return found;
    }
}
