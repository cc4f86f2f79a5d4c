package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFolderTest {
    @TempDir
    Path temporary;

    private Path folder(String mode) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("models"));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }

    @Test
    void itIsMadeForItsUserAlone() throws IOException {
        Path folder = temporary.resolve("cache").resolve("models");

        PrivateFolder.require(folder);

        assertThat(mode(folder)).isEqualTo("rwx------");
        assertThat(mode(folder.getParent())).isEqualTo("rwx------");
        assertThat(folder).isEmptyDirectory();
    }

    private static String mode(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxr-xr-x"})
    void oneThatOthersMayReadIsTaken(String mode) throws IOException {
        Path folder = folder(mode);

        PrivateFolder.require(folder);

        assertThat(mode(folder)).isEqualTo(mode);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwx----w-", "rwxrwxrwx"})
    void oneThatOthersCanWriteIsRefused(String mode) throws IOException {
        Path folder = folder(mode);

        assertThatThrownBy(() -> PrivateFolder.require(folder))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("is of " + Files.getOwner(folder).getName() + " with mode " + mode)
                .hasMessageContaining("chmod 700")
                .hasMessageContaining("--model.cache-dir");
    }

    @Test
    void oneOfAnotherUserIsRefused() throws IOException {
        Path folder = ofAnotherUser();

        assertThatThrownBy(() -> PrivateFolder.require(folder))
                .hasMessageContaining(
                        folder + " is of " + Files.getOwner(folder).getName())
                .hasMessageContaining("runs as another user");
    }

    /** A folder of root's; root gives one away. */
    private Path ofAnotherUser() throws IOException {
        if (!Files.getOwner(temporary).equals(Files.getOwner(Path.of("/")))) {
            return Path.of("/usr");
        }
        Path folder = folder("rwxr-xr-x");
        return Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
}
