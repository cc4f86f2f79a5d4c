package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An operator's command that dies after each of its steps, and is given again each time. */
final class KilledTakeOver {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final SiteCommands commands;
    private final LocalStack standby;
    private final Duration patience;
    private final Progress output;

    KilledTakeOver(SiteCommands commands, LocalStack standby, Duration patience, Progress output) {
        this.commands = commands;
        this.standby = standby;
        this.patience = patience;
        this.output = output;
    }

    /** Kills it as long as there is a step that it was not killed after; then lets it end. */
    JsonNode run(long epoch) {
        Path journal = new Path(new Path(standby.files().rootAddress()), "epochs/" + epoch + "/journal.json");
        try (FileSystem files = standby.files().open()) {
            int killedAfter = 0;
            while (true) {
                ReboundProcess command = commands.failover();
                int known = killedAfter;
                boolean went = Patience.of(patience, PAUSE)
                        .until(() -> steps(files, journal).size() > known || !command.isAlive());
                if (!went || !command.isAlive()) {
                    return command.answer(patience);
                }
                command.kill();
                command.awaitEnd(patience);
                List<String> done = steps(files, journal);
                output.progress("the take-over is killed after its steps " + done);
                // There is no journal for a moment while it is replaced.
                killedAfter = Math.max(known + 1, done.size());
            }
        } catch (IOException e) {
            throw new CommandFailedException("Can't read what the take-over has done: " + e.getMessage(), e);
        }
    }

    private static List<String> steps(FileSystem files, Path journal) throws IOException {
        List<String> names = new ArrayList<>();
        try (InputStream in = files.open(journal)) {
            JSON.readTree(in).path("seconds").fieldNames().forEachRemaining(names::add);
        } catch (FileNotFoundException e) {
            // Not begun, or being replaced.
            return names;
        }
        return names;
    }
}
