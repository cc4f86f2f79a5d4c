package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.savepoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a take-over has done so far, on the standby's file system: a repeat of the command goes on after the last step that
 * is written here, with what that step found.
 */
final class TakeOverJournal {

    /** What is known so far; what a step that was not done finds is null. */
    static final class Content {
        public Instant begunAt = Instant.now();
        /** Name of the site that is taken over from. */
        public @Nullable String primary;
        /** How long each step took, in all attempts. */
        public Map<String, Double> seconds = new LinkedHashMap<>();
        /** Whether the primary's job is ended by the take-over, and not lost. */
        public boolean planned;
        /** The primary's job; only where it is ended by the take-over. */
        public @Nullable String endedJob;
        /** When that was begun. */
        public @Nullable Instant stoppedAt;
        /** Path of the savepoint that it ended with. */
        public @Nullable String savepoint;
        /** Up to where the mirror had copied the primary's topics when it was stopped, in the primary's offsets. */
        public @Nullable List<PartitionOffset> arrived;
        /** Where the standby's outputs ended then, in its own offsets. */
        public @Nullable List<PartitionOffset> cuts;
        /** What the job starts from. */
        public @Nullable StandbyPoint point;
        /** Where it reads on, in the standby's offsets. */
        public @Nullable List<PartitionOffset> starts;
        /** How many outputs the standby has that the job would make again. */
        public @Nullable Long writtenBefore;
        /** Whether readers were told of the cuts. */
        public boolean fenced;

        public @Nullable String jobId;
        public @Nullable Instant committedAt;
        /** Whether all has arrived that producers still sent to the primary; only where it was ended by the take-over. */
        public boolean drained;

        /** What was found while the mirror ran: it has to be stopped, and all that depends on it done again. */
        void forgetMirror() {
            arrived = null;
            cuts = null;
            starts = null;
            writtenBefore = null;
            fenced = false;
        }

        /** What was found of the primary's job, too. */
        void forgetPrimary() {
            forgetMirror();
            endedJob = null;
            stoppedAt = null;
            savepoint = null;
            point = null;
        }
    }

    private final Path file;
    private final Content content;

    private TakeOverJournal(Path file, Content content) {
        this.file = file;
        this.content = content;
    }

    static TakeOverJournal open(Path file) {
        try {
            return new TakeOverJournal(file, JsonFile.find(file, Content.class).orElseGet(Content::new));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read what the take-over has done, from " + file, e);
        }
    }

    /** The journal of another site. */
    static Content parse(byte[] json) throws IOException {
        return JsonFile.parse(json, Content.class);
    }

    Path file() {
        return file;
    }

    Content content() {
        return content;
    }

    /** Does a step that was not done before, and writes down what it found and how long it took. */
    void step(String name, Predicate<Content> wasDone, Consumer<Content> work) {
        if (wasDone.test(content)) {
            return;
        }
        long begin = System.nanoTime();
        work.accept(content);
        content.seconds.merge(name, (System.nanoTime() - begin) / 1e9, Double::sum);
        try {
            JsonFile.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write what the take-over has done to " + file, e);
        }
    }

    /** The steps so far, for a report. */
    List<TakeOverReport.Step> steps() {
        List<TakeOverReport.Step> steps = new ArrayList<>();
        content.seconds.forEach((name, seconds) -> steps.add(new TakeOverReport.Step(name, seconds)));
        return steps;
    }
}
