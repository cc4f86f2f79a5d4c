package dev.rebound.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputHeadersTest {

    @Test
    void anEpochIsDecimalAndReadBack() {
        assertThat(OutputHeaders.epoch(12)).isEqualTo(ascii("12"));
        assertThat(OutputHeaders.epochOf(ascii("999999999999999999"))).isEqualTo(999_999_999_999_999_999L);
        assertThat(OutputHeaders.epochOf(OutputHeaders.epoch(0))).isZero();
    }

    @Test
    void anIdIsSixteenDigitsAndReadBack() {
        assertThat(OutputHeaders.id(0xAB)).isEqualTo(ascii("00000000000000ab"));
        assertThat(OutputHeaders.idOf(OutputHeaders.id(-2))).isEqualTo(-2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", " 1", "1.0", "0x1", "1000000000000000000"})
    void whatIsNoEpochIsNamed(String text) {
        assertThatThrownBy(() -> OutputHeaders.epochOf(ascii(text)))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("rebound-site-epoch is '" + text + "'");
    }

    @Test
    void whatIsNoIdIsNamed() {
        assertThatThrownBy(() -> OutputHeaders.idOf(ascii("ab"))).hasMessageContaining("rebound-id is 'ab'");
        assertThatThrownBy(() -> OutputHeaders.idOf(ascii("000000000000000g"))).hasMessageContaining("rebound-id");
        assertThatThrownBy(() -> OutputHeaders.epochOf(null)).hasMessageContaining("is null");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
