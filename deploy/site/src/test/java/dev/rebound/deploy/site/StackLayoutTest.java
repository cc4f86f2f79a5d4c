package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackLayoutTest {

    @TempDir
    Path home;

    /** As an image of Flink is: every command works there but those that start servers. */
    @Test
    void aHomeWithoutServersRunsTheCommands() throws IOException {
        Files.createDirectories(home.resolve("lib/flink"));
        StackLayout layout = new StackLayout(home, home.resolve("var"));

        assertThat(layout.jars("flink")).isEqualTo(home.resolve("lib/flink") + "/*");
        assertThatThrownBy(() -> layout.jars("kafka"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(home + " has no lib/kafka");
    }
}
