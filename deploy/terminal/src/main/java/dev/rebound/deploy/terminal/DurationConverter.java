package dev.rebound.deploy.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a length of time as Flink's options have it, {@code 30s}, {@code 10 min}, {@code 1h}, {@code 7d}, or as Java has it,
 * {@code P30D}; a number alone is seconds. Refuses zero.
 */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** The same for what may be zero, such as a time to wait. */
    public static final class OrZero implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            return read(value);
        }
    }

    @Override
    public Duration convert(String value) {
        Duration duration = read(value);
        if (duration.isZero()) {
            throw new TypeConversionException("'" + value + "' must be longer than nothing");
        }
        return duration;
    }

    private static Duration read(String value) {
        Duration duration;
        try {
            duration = parsed(value.strip());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new TypeConversionException("'" + value + "' is no length of time such as 30s, 10min, 1h or 7d");
        }
        if (duration.isNegative()) {
            throw new TypeConversionException("'" + value + "' is less than nothing");
        }
        return duration;
    }

    private static Duration parsed(String value) {
        if (NUMBER.matcher(value).matches()) {
            // Flink would take it for milliseconds, which nobody types.
            return Duration.ofSeconds(Long.parseLong(value));
        }
        return value.startsWith("P") ? Duration.parse(value) : TimeUtils.parseDuration(value);
    }
}
