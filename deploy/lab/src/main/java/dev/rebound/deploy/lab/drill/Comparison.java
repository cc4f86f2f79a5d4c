package dev.rebound.deploy.lab.drill;

import dev.rebound.deploy.control.dr.RecoveryPoint;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import dev.rebound.deploy.lab.reconcile.TopicReconciler;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.ProgressListener;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.Progress;
import dev.rebound.jobs.JobOptions;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What is on the site that has the job in the end, held against what is on the other. */
final class Comparison {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Patience SETTLED = Patience.of(Duration.ofSeconds(30), Duration.ofSeconds(2));
    private static final List<Topic> INPUTS =
            List.of(Topic.BEHAVIOUR_EVENTS, Topic.RECOMMENDATION_REQUESTS, Topic.CATALOG_UPDATES, Topic.CAMPAIGNS);

    private final DrillSites sites;
    private final Progress output;

    Comparison(DrillSites sites, Progress output) {
        this.sites = sites;
        this.output = output;
    }

    /** What was found. */
    record Verdict(RecoveryPoint rpo, long lost, long duplicated, long acceptedOldEpoch, List<String> findings) {

        Verdict withRpo(RecoveryPoint other) {
            return new Verdict(other, lost, duplicated, acceptedOldEpoch, findings);
        }

        DrillReport report(DrillKind kind, long seed, double rtoSeconds, List<Step> steps, List<String> more) {
            List<String> all = new ArrayList<>(more);
            all.addAll(findings);
            return new DrillReport(
                    kind.toString(),
                    seed,
                    rtoSeconds,
                    rpo.seconds(),
                    rpo.events(),
                    lost,
                    duplicated,
                    acceptedOldEpoch,
                    steps,
                    all);
        }
    }

    /** @param other the site that had the job before; its brokers are started for it where they are gone */
    Verdict after(LocalStack site, LocalStack other, String jobId) {
        try (TopicReconciler oracle = new TopicReconciler(
                site.kafka(),
                sites.topicPrefix(),
                JobOptions.GROUP_ID.defaultValue(),
                site.rest(),
                jobId,
                PATIENCE,
                output)) {
            TopicReconciler.Verdict verdict = oracle.reconcile();
            List<String> findings = new ArrayList<>(verdict.findings());
            other.start("kafka", ProgressListener.SILENT);
            return new Verdict(
                    rpo(site, other, findings),
                    verdict.result().lost(),
                    verdict.result().duplicated(),
                    new OldEpochs(site.kafka(), sites.topicPrefix()).accepted()
                            + new OldEpochs(other.kafka(), sites.topicPrefix()).accepted(),
                    findings);
        }
    }

    /** By the mirror's offsets, and, knowing nothing of those, record by record. */
    private RecoveryPoint rpo(LocalStack site, LocalStack other, List<String> findings) {
        // A broker that has just been started may not tell of all of its partitions yet.
        Counted counted = SETTLED.get(() -> count(site, other), Counted::agrees);
        if (!counted.agrees()) {
            findings.add("The RPO by the mirror's offsets is " + counted.rpo().events() + " records "
                    + counted.rpo().records() + ", record by record it is " + counted.missing());
        }
        return counted.rpo();
    }

    /** @param missing records, counted one by one */
    private record Counted(RecoveryPoint rpo, long missing) {
        boolean agrees() {
            return missing == rpo.events();
        }
    }

    private Counted count(LocalStack site, LocalStack other) {
        Map<TopicPartition, Long> arrived = MirrorPositions.read(site.kafka(), other.name());
        RecoveryPoint rpo = RecoveryPoint.of(other.kafka(), site.name(), arrived, sites.topicPrefix());
        List<String> inputs = INPUTS.stream()
                .map(topic -> topic.topicName(sites.topicPrefix()))
                .toList();
        return new Counted(rpo, MissingInputs.count(other.kafka(), site.kafka(), inputs));
    }
}
