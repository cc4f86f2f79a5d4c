package dev.rebound.deploy.control.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.control.savepoint.OpenedSavepoint;
import dev.rebound.deploy.control.savepoint.RestoreRehearsal;
import dev.rebound.deploy.control.savepoint.RestoreRehearsal.PlannedOperator;
import dev.rebound.deploy.control.savepoint.SavedOperator;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.CommandResult;
import dev.rebound.deploy.site.FlinkCommandLine;
import dev.rebound.jobs.SinkNames;
import dev.rebound.jobs.SourceNames;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares a job with the savepoint that it is to begin with, before anything is stopped. */
public final class CompatibilityCheck {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FlinkCommandLine flink;

    public CompatibilityCheck(FlinkCommandLine flink) {
        this.flink = flink;
    }

    /** @param launch with a savepoint, or the path of a checkpoint in its place */
    public CompatibilityReport check(JobLaunch launch) {
        String savepoint = Objects.requireNonNull(launch.savepoint(), "a savepoint to compare with");
        OpenedSavepoint opened = OpenedSavepoint.open(new org.apache.flink.core.fs.Path(savepoint));
        if (!opened.isWhole()) {
            return new CompatibilityReport(opened.problems(), List.of(), List.of());
        }
        RestoreRehearsal.Result job = rehearse(new RestoreRehearsal.Request(
                launch.jar().toString(),
                launch.mainClass(),
                launch.jobArguments(),
                savepoint,
                opened.releases().stream()
                        .map(ModelRelease::getPackageUri)
                        .distinct()
                        .toList()));
        return compare(opened.operators(), job, launch.dropsState());
    }

    /** @param endsMayBeDropped sinks, and sources that the job has in another generation; nothing else ever */
    static CompatibilityReport compare(
            List<SavedOperator> saved, RestoreRehearsal.Result job, boolean endsMayBeDropped) {
        List<String> problems = new ArrayList<>(job.problems());
        Set<String> dropped = new TreeSet<>();
        if (job.operators().isEmpty()) {
            return new CompatibilityReport(problems, List.of(), List.of());
        }
        Map<String, PlannedOperator> planned = job.operators().stream()
                .collect(Collectors.toMap(PlannedOperator::operatorId, each -> each, (a, b) -> a));
        Set<Topic> sources = job.operators().stream()
                .flatMap(each -> SourceNames.topicOf(each.uid()).stream())
                .collect(Collectors.toSet());
        for (SavedOperator each : saved) {
            PlannedOperator now = planned.remove(each.operatorId());
            if (now != null) {
                compare(each, now, problems);
            } else if (endsMayBeDropped && isEnd(each.uid(), sources)) {
                dropped.add(each.uid());
            } else if (each.bytes() > 0) {
                problems.add("the state of '" + each.label() + "' (" + each.bytes()
                        + " bytes) would be lost: the job has no operator of that uid" + remedy(each.uid()));
            }
        }
        List<String> fresh = planned.values().stream()
                .map(CompatibilityCheck::label)
                .sorted()
                .toList();
        return new CompatibilityReport(problems, List.copyOf(dropped), fresh);
    }

    private static boolean isEnd(String uid, Set<Topic> sources) {
        return SinkNames.isPartOfSink(uid)
                || SourceNames.topicOf(uid).filter(sources::contains).isPresent();
    }

    private static String remedy(String uid) {
        if (SinkNames.isPartOfSink(uid)) {
            return "; give it the sink.generation of the job that made the savepoint";
        }
        return SourceNames.isPartOfSource(uid)
                ? "; give it the source.generation of the job that made the savepoint"
                : "";
    }

    private static void compare(SavedOperator saved, PlannedOperator now, List<String> problems) {
        if (saved.bytes() > 0 && saved.maxParallelism() != now.maxParallelism()) {
            problems.add("'" + saved.label() + "' has max parallelism " + now.maxParallelism()
                    + ", its state was laid out in " + saved.maxParallelism() + ": set pipeline.max-parallelism back");
        }
        if (now.parallelism() > saved.maxParallelism()) {
            problems.add("'" + saved.label() + "' has parallelism " + now.parallelism() + ", its state allows at most "
                    + saved.maxParallelism());
        }
    }

    private static String label(PlannedOperator operator) {
        return operator.uid().isEmpty() ? operator.name() : operator.uid();
    }

    private RestoreRehearsal.Result rehearse(RestoreRehearsal.Request request) {
        try {
            Path folder = Files.createTempDirectory("rebound-rehearsal-");
            Path asked = folder.resolve("request.json");
            Path answered = folder.resolve("result.json");
            try {
                JSON.writeValue(asked.toFile(), request);
                CommandResult result =
                        flink.runMain(RestoreRehearsal.class, List.of(asked.toString(), answered.toString()), LIMIT);
                if (!result.succeeded()) {
                    throw new CommandFailedException("Looking into " + request.jar() + " failed:\n" + result.output());
                }
                return JSON.readValue(answered.toFile(), RestoreRehearsal.Result.class);
            } finally {
                Files.deleteIfExists(asked);
                Files.deleteIfExists(answered);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't look into " + request.jar(), e);
        }
    }
}
