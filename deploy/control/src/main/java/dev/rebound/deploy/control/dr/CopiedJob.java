package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.job.JobLaunch;
import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.control.savepoint.JobArchive;
import dev.rebound.deploy.control.savepoint.JobOrigin;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.common.TopicPartition;

/** A job of the primary that goes on, on the standby, from a copy of its state. */
final class CopiedJob {
    private final Site standby;
    private final StandbyPoint point;
    private final JobArchive archive;
    private final JobOrigin job;

    private CopiedJob(Site standby, StandbyPoint point, JobArchive archive, JobOrigin job) {
        this.standby = standby;
        this.point = point;
        this.archive = archive;
        this.job = job;
    }

    /** @throws CommandFailedException if what it was submitted as was not copied */
    static CopiedJob of(Site standby, StandbyPoint point) {
        JobArchive archive = new RecommendationJobs(standby).archive();
        JobOrigin job = archive.origin(point.jobId())
                .orElseThrow(() -> new CommandFailedException("What job " + point.jobId()
                        + " was submitted as was not copied, so that it can't be started on " + standby.name()
                        + ". Was it submitted by rebound?"));
        return new CopiedJob(standby, point, archive, job);
    }

    /** Whether it is one of ours, which throws its outputs away when it is told to. */
    boolean canBeRehearsed() {
        return job.mainClass() == null || job.mainClass().equals(RecommendationJob.class.getName());
    }

    /** Where it reads on, see {@link SourceStarts}. */
    List<PartitionOffset> starts(StandbyMirror mirror, PartitionEnds kafka) {
        Map<TopicPartition, Long> floor = new StandbyCatalog(standby.files().root())
                .rejoined(point)
                .map(RejoinPoint::floor)
                .orElse(Map.of());
        return PartitionOffset.listOf(new SourceStarts(mirror.offsetSyncs(), kafka, duplicateWindow(), floor)
                .withOwnRecords(point, mirror.source()));
    }

    private Duration duplicateWindow() {
        return Optional.ofNullable(job.options().get(JobOptions.DEDUP_WINDOW.key()))
                .map(TimeUtils::parseDuration)
                .orElse(JobOptions.DEDUP_WINDOW.defaultValue());
    }

    /**
     * How it is submitted: with the jar and the options of before, and sources of a new generation.
     *
     * @param starts of {@link #starts}
     * @param more options, by key
     */
    JobLaunch launch(List<PartitionOffset> starts, Map<String, String> more) {
        KeptJar jar = job.keptJar()
                .orElseThrow(() -> new CommandFailedException("The jar of job " + job.jobId() + " was not kept"));
        Map<String, String> options = new HashMap<>(JobLaunch.options(standby, Optional.of(job), null, List.of()));
        options.put(JobOptions.SOURCE_GENERATION.key(), String.valueOf(nextSourceGeneration()));
        options.put(JobOptions.SOURCE_OFFSETS.key(), offsets(starts));
        options.putAll(more);
        return new JobLaunch(
                archive.fetch(jar, standby.scratch().resolve("data/jars")),
                job.mainClass(),
                options,
                point.folder(),
                true);
    }

    private int nextSourceGeneration() {
        return Integer.parseInt(job.options().getOrDefault(JobOptions.SOURCE_GENERATION.key(), "0")) + 1;
    }

    /** As the job's option wants them. */
    private String offsets(List<PartitionOffset> starts) {
        return starts.stream().collect(Collectors.groupingBy(PartitionOffset::topic)).entrySet().stream()
                .map(topic -> shortName(topic.getKey()) + ":"
                        + topic.getValue().stream()
                                .map(each -> each.partition() + "=" + each.offset())
                                .collect(Collectors.joining(",")))
                .sorted()
                .collect(Collectors.joining(";"));
    }

    private String shortName(String topic) {
        String prefix = standby.topics().prefix();
        for (Topic each : Topic.values()) {
            if (each.topicName(prefix).equals(topic)) {
                return each.shortName();
            }
        }
        throw new CommandFailedException("The copied state reads " + topic + ", which is no topic of the site with the"
                + " prefix " + prefix + ". Give both sites the same topics.prefix");
    }
}
