package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.lab.events.EventFormat;
import dev.rebound.deploy.lab.events.EventSource;
import dev.rebound.deploy.site.CommandFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How a command's files are written, and their opening. */
public final class FormatOption {
    @Option(
            names = "--format",
            defaultValue = "jsonl",
            description = "Format of the file: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). A name that ends"
                    + " in .gz is unpacked.")
    private EventFormat format;

    /** The contents of a file that exists. */
    public EventSource open(Path file) {
        return open(file, format);
    }

    /** The contents of a file that exists, in a format of its own. */
    public static EventSource open(Path file, EventFormat format) {
        if (!Files.isReadable(file)) {
            throw new CommandFailedException("There is no readable file " + file.toAbsolutePath() + "; check the path");
        }
        return format.open(file);
    }
}
