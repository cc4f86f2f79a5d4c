package dev.rebound.deploy.ops.doctor;

import dev.rebound.deploy.local.FlinkRest;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the jobs that a cluster runs. */
final class JobHealth {
    private JobHealth() {}

    static List<String> problems(FlinkRest flink) {
        List<String> problems = new ArrayList<>();
        for (FlinkRest.Job job : flink.jobs()) {
            if (job.ended()) {
                continue;
            }
            if (!flink.job(job.id()).allRunning()) {
                problems.add("job " + job.id() + " is " + job.state() + ": "
                        + flink.latestFailure(job.id())
                                .flatMap(trace -> trace.lines().findFirst())
                                .orElse("it is starting"));
            }
            FlinkRest.CheckpointCounts counts = flink.checkpoints(job.id()).counts();
            if (counts.failed() > 0) {
                problems.add("job " + job.id() + ": " + counts.failed() + " of " + counts.total()
                        + " checkpoints failed. See the exceptions at " + flink.address());
            }
            long failedCommits = Math.round(flink.metricSum(job.id(), "failedCommittables"));
            if (failedCommits > 0) {
                problems.add("job " + job.id() + ": " + failedCommits
                        + " commits to Kafka failed, their records are lost to readers. Try: rebound reconcile");
            }
        }
        return problems;
    }
}
