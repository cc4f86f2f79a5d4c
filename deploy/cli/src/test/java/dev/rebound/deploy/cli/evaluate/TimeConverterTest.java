package dev.rebound.deploy.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeConverterTest {
    private final TimeConverter converter = new TimeConverter();

    @Test
    void aTimeIsWrittenByTheCalendarOrInMilliseconds() {
        assertThat(converter.convert("2017-11-26T09:00:00+08:00")).isEqualTo(Instant.parse("2017-11-26T01:00:00Z"));
        assertThat(converter.convert("1511658000000")).isEqualTo(Instant.parse("2017-11-26T01:00:00Z"));
    }
}
