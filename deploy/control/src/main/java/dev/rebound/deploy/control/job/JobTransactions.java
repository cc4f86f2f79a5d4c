package dev.rebound.deploy.control.job;

import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.RecommendationJob;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** How the jobs that run write in transactions: as they were told when they were submitted. */
public final class JobTransactions {
    private JobTransactions() {}

    /**
     * Of every recommendation job that has not ended.
     *
     * @throws FlinkRestException if Flink does not tell
     */
    public static List<KafkaTransactionSettings> of(FlinkRest flink) {
        return flink.jobs().stream()
                .filter(job -> !job.ended() && job.name().equals(RecommendationJob.JOB_NAME))
                .map(job -> of(flink.jobParameters(job.id())))
                .distinct()
                .toList();
    }

    /** Nothing else is read: an older or newer job may have options that this version does not know. */
    private static KafkaTransactionSettings of(Map<String, String> parameters) {
        Configuration options = Configuration.fromMap(parameters);
        String site = options.get(JobOptions.SITE_NAME);
        return new KafkaTransactionSettings(
                site,
                options.get(JobOptions.TRANSACTION_TIMEOUT),
                KafkaTransactionSettings.forSite(site).toleratedOutage());
    }
}
