package dev.rebound.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/reference.md tells of every rule of the checker. */
class RuleReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference.md");

    static Stream<SettingsRule> rules() {
        return SettingsChecker.rules().stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theReferenceNamesEveryRuleWithItsKey(SettingsRule rule) throws IOException {
        assertThat(Files.readAllLines(REFERENCE))
                .anyMatch(line -> line.startsWith("| `" + rule.name() + "` | `" + rule.key() + "` |"));
    }
}
