package dev.rebound.deploy.local;

import dev.rebound.deploy.site.CommandResult;
import dev.rebound.deploy.site.JvmCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.util.FileUtils;

/** A folder that a server's own tool has to format before the server can start on it. */
final class NewStorage {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private NewStorage() {}

    /** Formats it whole or not at all: a server refuses half of it, and the next start would take it for done. */
    static CommandResult format(Path folder, JvmCommand tool) {
        boolean fresh = isEmpty(folder);
        boolean whole = false;
        try {
            CommandResult result = tool.run(LIMIT);
            whole = result.succeeded();
            return result;
        } finally {
            // Other data is somebody's, and the tool has refused to format over it.
            if (!whole && fresh) {
                delete(folder);
            }
        }
    }

    private static boolean isEmpty(Path folder) {
        String[] files = folder.toFile().list();
        return files == null || files.length == 0;
    }

    private static void delete(Path folder) {
        try {
            FileUtils.deleteDirectory(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + folder + ", which is half formatted", e);
        }
    }
}
