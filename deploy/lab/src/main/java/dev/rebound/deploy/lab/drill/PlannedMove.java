package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.topics.TopicReader;
import dev.rebound.schemas.OutputHeaders;
import dev.rebound.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** The operator moves the job to the site that stands by, and producers follow once it answers there. */
final class PlannedMove {
    private final DrillSites sites;
    private final Duration patience;

    PlannedMove(DrillSites sites, Duration patience) {
        this.sites = sites;
        this.patience = patience;
    }

    /**
     * Moves it from the primary.
     *
     * @param epoch of the primary
     */
    Moved run(SwitchedLoad load, SiteCommands commands, long epoch) {
        LocalStack from = sites.primary();
        LocalStack to = sites.standby();
        String recommendations = Topic.RECOMMENDATIONS.topicName(sites.topicPrefix());
        String responses = Topic.RECOMMENDATION_RESPONSES.topicName(sites.topicPrefix());
        try (FirstOfEpoch committed = new FirstOfEpoch(to.kafka(), recommendations, epoch);
                FirstOfEpoch answered = new FirstOfEpoch(to.kafka(), responses, epoch)) {
            ReboundProcess command = commands.failback();
            long answeredMillis = answered.await(patience);
            long committedMillis = committed.await(patience);
            load.stop();
            load.to(to.kafka(), sites.topicPrefix());
            JsonNode report = command.answer(patience);
            List<Step> steps = new ArrayList<>(Moved.steps(report));
            steps.add(new Step("no answer", (answeredMillis - last(from.kafka(), responses, epoch)) / 1e3));
            return new Moved(
                    report.path("jobId").asText(),
                    (committedMillis - last(from.kafka(), recommendations, epoch)) / 1e3,
                    steps);
        }
    }

    /** When the last record of that epoch was made, in milliseconds since 1970. */
    private static long last(KafkaCluster kafka, String topic, long epoch) {
        long[] last = {0};
        try (TopicReader reader = new TopicReader(kafka, List.of(topic))) {
            reader.readToEnd(record -> {
                Header header = record.headers().lastHeader(OutputHeaders.SITE_EPOCH);
                if (header != null && OutputHeaders.epochOf(header.value()) == epoch) {
                    last[0] = Math.max(last[0], record.timestamp());
                }
            });
        }
        return last[0];
    }
}
