package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.local.ComponentStatus;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.FlinkRest;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A campaign that is ended while a fault lasts, on a stack that ran before. */
@LongTest
class EndedChaosIT {
    private static final long NO_QUOTA = -1;

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    private final LocalStack stack = RUNNING.stack();

    @Test
    void itsFaultIsUndoneItsJobEndedAndTheReportWritten() throws Exception {
        try (StartedCommand chaos = chaosWithFullHdfs()) {
            assertThat(chaos.signal("TERM").exitCode()).as("%s", chaos).isEqualTo(143);

            assertThat(quota()).isEqualTo(NO_QUOTA);
            assertThat(stack.rest().jobs()).allMatch(FlinkRest.Job::ended);
            assertThat(stack.status()).allMatch(ComponentStatus::isWell);
            assertThat(new ObjectMapper().readTree(chaos.out()).get("brokenOff").asText())
                    .contains("hdfs-full", "SIGTERM");
        }
    }

    @Test
    void aKilledOnesFaultIsUndoneByTheNextStart() throws Exception {
        try (StartedCommand chaos = chaosWithFullHdfs()) {
            assertThat(chaos.signal("KILL").exitCode()).isEqualTo(137);
        }
        try (StartedCommand up = StartedCommand.start(stack.layout(), "stack", "up")) {
            assertThat(up.exitCode()).as("%s", up).isZero();

            assertThat(up.err()).contains("undoing: a space quota of 1 byte in HDFS on /rebound");
            assertThat(quota()).isEqualTo(NO_QUOTA);
        }
        // The job is not the stack's: Flink goes on with it as with any.
        stack.rest().jobs().stream()
                .filter(job -> !job.ended())
                .forEach(job -> stack.rest().cancel(job.id()));
    }

    private StartedCommand chaosWithFullHdfs() throws IOException {
        return StartedCommand.start(stack.layout(), "chaos", "--only", "hdfs-full", "--faults", "1", "--json")
                .await("the quota is set", () -> quota() == 1);
    }

    private long quota() throws IOException {
        try (FileSystem files = stack.openHdfs()) {
            return files.getContentSummary(new Path("/rebound")).getSpaceQuota();
        }
    }
}
