package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/reference.md says of every option what its declaration says. */
class OptionReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference.md");

    static Stream<ConfigOption<?>> options() {
        return Stream.concat(JobOptions.all().stream(), TrainingOptions.all().stream());
    }

    @ParameterizedTest
    @MethodSource("options")
    void theReferenceHasTheRowOfEveryOption(ConfigOption<?> option) throws IOException {
        assertThat(Files.readAllLines(REFERENCE))
                .as("docs/reference.md lacks the row: %s", row(option))
                .contains(row(option));
    }

    private static String row(ConfigOption<?> option) {
        return "| `--%s` | %s | %s |"
                .formatted(
                        option.key(), value(option.defaultValue()), new HtmlFormatter().format(option.description()));
    }

    private static String value(Object value) {
        if (value == null) {
            return "";
        }
        return "`" + (value instanceof Duration duration ? TimeUtils.formatWithHighestUnit(duration) : value) + "`";
    }
}
