package dev.rebound.deploy.terminal;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a constant of several words as it is written on a command line, with hyphens and in any case. */
public final class EnumConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    public EnumConverter(Class<E> type) {
        this.type = type;
    }

    @Override
    public E convert(String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant ->
                        constant.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + value + "' is none of " + Arrays.toString(type.getEnumConstants())));
    }
}
