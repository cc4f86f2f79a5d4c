package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims of this process and of another one: only a process of its own sees whether a file is locked. */
class ClaimTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("run/starter.claim");
    }

    /** Another command: claims the file, says what it found, and ends without giving it back. */
    static final class AnotherCommand {
        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            System.out.print("left by " + Claim.leftBy(file).orElse("none") + ", "
                    + Claim.on(file, "another").map(claim -> "claimed").orElse("refused"));
            Runtime.getRuntime().halt(0);
        }
    }

    private String anotherCommand() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnotherCommand.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    @Test
    void whatIsHeldHereIsRefusedToAnotherCommandAlsoAfterItWasLookedAtHere() throws Exception {
        try (Claim held = Claim.on(file, "demo").orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(anotherCommand()).isEqualTo("left by none, refused");

            assertThat(Claim.on(file, "demo again")).isEmpty();
            assertThat(Claim.leftBy(file)).isEmpty();
            assertThat(anotherCommand()).isEqualTo("left by none, refused");
        }
        assertThat(anotherCommand()).isEqualTo("left by none, claimed");
    }

    @Test
    void whatAnotherCommandLeftIsToldAndCanBeClaimed() throws Exception {
        assertThat(anotherCommand()).isEqualTo("left by none, claimed");

        assertThat(Claim.leftBy(file)).isEqualTo(Optional.of("another"));
        try (Claim claim = Claim.on(file, "demo").orElseThrow()) {
            assertThat(claim).isNotNull();
            assertThat(anotherCommand()).isEqualTo("left by none, refused");
        }
        assertThat(Claim.leftBy(file)).isEmpty();
    }
}
