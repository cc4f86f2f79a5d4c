package dev.rebound.deploy.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    /** Of "secret". */
    private static final String SUM = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @TempDir
    Path folder;

    private ApiKeys keys(String lines) throws IOException {
        return ApiKeys.read(Files.writeString(folder.resolve("keys"), lines));
    }

    @Test
    void whoHasAKeyOfTheFileIsKnown() throws IOException {
        ApiKeys keys = keys("# of the shops\n\nfirst " + SUM + "\n");

        assertThat(keys.ownerOf("secret")).contains("first");
        assertThat(keys.ownerOf("Secret")).isEmpty();
        assertThat(keys.ownerOf(SUM)).as("the file's reader has no key").isEmpty();
        assertThat(keys.ownerOf(null)).isEmpty();
    }

    @Test
    void withoutAFileAnybodyMay() {
        assertThat(ApiKeys.none().ownerOf(null)).isPresent();
    }

    @Test
    void aWrongLineIsNamed() {
        assertThatThrownBy(() -> keys("first " + SUM + "\nsecond secret"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("Line 2");
        assertThatThrownBy(() -> keys("# nobody")).hasMessageContaining("no key");
    }
}
