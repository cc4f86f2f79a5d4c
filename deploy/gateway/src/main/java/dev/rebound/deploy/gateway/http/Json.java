package dev.rebound.deploy.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;

/** Reads bodies strictly: what is misspelt, of another type or too deep is told by its name and place, and nothing is guessed. */
final class Json {
    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 32;

    private final ObjectMapper mapper;

    Json(int maxBytes) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxStringLength(maxBytes)
                        .maxNameLength(256)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        this.mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    /** @throws Problem.Found naming the field or place that is wrong */
    <T> T read(byte[] body, Class<T> type) throws Problem.Found {
        if (body.length == 0) {
            throw new Problem.Found(Problem.of(400, "Bad request", "The body is empty; it must be a JSON object"));
        }
        try {
            T value = mapper.readValue(body, type);
            if (value == null) {
                throw new Problem.Found(Problem.of(400, "Bad request", "The body is null; it must be a JSON object"));
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw new Problem.Found(Problem.ofField(
                    path(e), "Unknown field '" + e.getPropertyName() + "'; known are " + e.getKnownPropertyIds()));
        } catch (JsonMappingException e) {
            throw new Problem.Found(Problem.ofField(path(e), e.getOriginalMessage()));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new Problem.Found(Problem.of(
                    400,
                    "Bad request",
                    "The body is no JSON"
                            + (at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                            + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Problem.Found(Problem.of(400, "Bad request", "The body is no JSON in UTF-8: " + e.getMessage()));
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("No JSON of " + value.getClass(), e);
        }
    }
}
