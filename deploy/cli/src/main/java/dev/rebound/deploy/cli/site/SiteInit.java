package dev.rebound.deploy.cli.site;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.CommandOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound site init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Writes a commented site file to fill in; never over one that is there.")
final class SiteInit implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", defaultValue = "site.yaml", description = "Default: ${DEFAULT-VALUE}.")
    private Path file;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Files.createDirectories(Objects.requireNonNull(absolute.getParent(), "a file has a folder"));
        try (InputStream template =
                Objects.requireNonNull(SiteInit.class.getResourceAsStream("site.yaml"), "site.yaml is in the jar")) {
            Files.copy(template, absolute);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(absolute + " is there already, and stays as it is", e);
        }
        output.result(
                Map.of("file", absolute.toString()),
                out -> out.println(
                        "Wrote " + absolute + ". Fill it in, then: rebound --site " + absolute + " site check"));
        return 0;
    }
}
