package dev.rebound.deploy.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({
        "120, PT2M",
        "120s, PT2M",
        "2m, PT2M",
        "2 min, PT2M",
        "500ms, PT0.5S",
        "7d, P7D",
        "P30D, P30D",
        "PT12H, PT12H"
    })
    void allWaysToWriteATimeAreRead(String written, Duration read) {
        assertThat(converter.convert(written)).isEqualTo(read);
        assertThat(new DurationConverter.OrZero().convert(written)).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1 fortnight", "-5", "P", "PT-5S", "99999999999999999999"})
    void whatIsNoTimeIsRefused(String written) {
        assertThatThrownBy(() -> converter.convert(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "'");
        assertThatThrownBy(() -> new DurationConverter.OrZero().convert(written))
                .isInstanceOf(TypeConversionException.class);
    }

    @Test
    void zeroIsATimeToWaitAndNoPause() {
        assertThat(new DurationConverter.OrZero().convert("0")).isZero();
        assertThatThrownBy(() -> converter.convert("0s"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("longer than nothing");
    }
}
