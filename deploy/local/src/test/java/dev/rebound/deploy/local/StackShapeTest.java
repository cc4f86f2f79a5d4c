package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StackShapeTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aDistribution() throws IOException {}

    @ParameterizedTest
    @EnumSource
    void aLaterCommandKnowsWhatWasStarted(StackShape shape) {
        StackLayout layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        assertThat(StackShape.of(layout)).isEqualTo(StackShape.SINGLE);

        shape.save(layout);

        assertThat(StackShape.of(layout)).isEqualTo(shape);
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        StackLayout layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        StackShape.SINGLE.save(layout);
        Files.writeString(layout.run().resolve("shape"), "");

        assertThatThrownBy(() -> StackShape.of(layout))
                .isInstanceOf(StackException.class)
                .hasMessageContaining(layout.run().resolve("shape").toString());
    }
}
