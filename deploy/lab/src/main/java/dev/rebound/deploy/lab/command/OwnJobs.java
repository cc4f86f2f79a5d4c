package dev.rebound.deploy.lab.command;

import dev.rebound.deploy.control.job.RecommendationJobs;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.FlinkRest;
import dev.rebound.deploy.site.FlinkRestException;
import dev.rebound.deploy.site.Progress;
import dev.rebound.jobs.JobOptions;
import java.util.function.Predicate;

/** The jobs that a command has submitted, also one whose submission was broken off: known by their topics. */
final class OwnJobs {
    private OwnJobs() {}

    /** Ends them, and says so. */
    static void end(LocalStack stack, Predicate<String> topicPrefix, Progress output) {
        RecommendationJobs jobs = new RecommendationJobs(stack);
        try {
            for (FlinkRest.Job job : jobs.all()) {
                if (!job.ended() && topicPrefix.test(topicPrefix(stack, job))) {
                    jobs.cancel(job.id());
                    output.progress("ended job " + job.id());
                }
            }
        } catch (FlinkRestException e) {
            output.progress("Flink can't be asked for this command's jobs, which may go on (" + e.getMessage()
                    + "): see `rebound job list`");
        }
    }

    private static String topicPrefix(LocalStack stack, FlinkRest.Job job) {
        return stack.rest().jobParameters(job.id()).getOrDefault(JobOptions.TOPIC_PREFIX.key(), "");
    }
}
