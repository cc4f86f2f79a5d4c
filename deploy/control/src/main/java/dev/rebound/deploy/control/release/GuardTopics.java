package dev.rebound.deploy.control.release;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.ModelReport;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseDecision;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import dev.rebound.schemas.fence.EpochFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** Reads what the guard of a running job published, without what one wrote whose site was taken over. */
public final class GuardTopics {
    private final KafkaCluster kafka;
    private final String topicPrefix;

    public GuardTopics(KafkaCluster kafka, String topicPrefix) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix;
    }

    /** The newest report of each version, by model and version. */
    public List<ModelReport> reports() {
        Map<String, ModelReport> newest = new TreeMap<>();
        read(
                Topic.MODEL_REPORTS,
                ModelReport.class,
                report -> newest.put(report.getModel() + "/" + report.getVersion(), report));
        return new ArrayList<>(newest.values());
    }

    /** The decisions in the order of time; one that a failure repeated comes once. */
    public List<ReleaseDecision> decisions() {
        Map<String, ReleaseDecision> first = new LinkedHashMap<>();
        read(
                Topic.RELEASE_DECISIONS,
                ReleaseDecision.class,
                decision -> first.putIfAbsent(
                        String.join(
                                "/",
                                decision.getModel(),
                                decision.getVersion(),
                                Long.toString(decision.getReleaseIssuedAt()),
                                decision.getAction().name()),
                        decision));
        return first.values().stream()
                .sorted(Comparator.comparingLong(ReleaseDecision::getDecidedAt))
                .toList();
    }

    private <T extends SpecificRecord> void read(Topic topic, Class<T> type, Consumer<T> records) {
        String name = topic.topicName(topicPrefix);
        RecordCodec<T> codec = RecordCodec.of(type);
        EpochFilter inForce = new EpochFilter();
        try (TopicReader reader = new TopicReader(kafka, List.of(name))) {
            reader.readToEnd(record -> {
                if (!inForce.accept(record)) {
                    return;
                }
                try {
                    records.accept(codec.decode(record.value(), null));
                } catch (UndecodableRecordException e) {
                    throw new CommandFailedException(
                            name + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(), e);
                }
            });
        }
    }
}
