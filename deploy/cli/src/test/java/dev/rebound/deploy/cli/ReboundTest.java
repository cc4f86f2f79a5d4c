package dev.rebound.deploy.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReboundTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyCommandHasHelp() {
        List<String> commands = List.of(
                "demo",
                "stack",
                "stack up",
                "stack down",
                "stack status",
                "job",
                "job submit",
                "job list",
                "job stop",
                "job savepoint",
                "model",
                "model train",
                "model publish",
                "model shadow",
                "model canary",
                "model promote",
                "model rollback",
                "model retire",
                "model list",
                "model report",
                "replay",
                "reconcile",
                "backup",
                "backup create",
                "backup list",
                "backup verify",
                "backup restore",
                "backup prune",
                "backup schedule",
                "doctor",
                "bench",
                "bench pipeline",
                "bench guard");
        for (String command : commands) {
            out.getBuffer().setLength(0);
            assertThat(execute((command + " --help").split(" "))).as(command).isZero();
            assertThat(out.toString()).startsWith("Usage: rebound " + command);
        }
    }

    @Test
    void aFailureIsOneLineThatSaysWhatToDo(@TempDir Path folder) {
        int exit = execute("replay", folder.resolve("none.jsonl").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString())
                .startsWith("rebound replay: There is no readable file")
                .contains("check the path");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFailureHasItsStackTraceOnRequest(@TempDir Path folder) {
        execute("replay", folder.resolve("none.jsonl").toString(), "--verbose");

        assertThat(err.toString()).contains("\tat dev.rebound.deploy.ops");
    }

    @Test
    void aWrongOptionIsACallError() {
        assertThat(execute("replay", "x.csv", "--format", "parquet")).isEqualTo(2);
        assertThat(err.toString()).contains("JSONL, METARANK, TAOBAO");
    }

    @Test
    void theGuardIsSimulatedWithoutACluster() {
        int exit = execute(
                "bench", "guard", "--runs", "40", "--seed", "3", "--share", "50", "--impressions", "300000", "--json");

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("\"runs\":40").contains("\"falseRollbackShare\":0.0");
    }

    @Test
    void aSimulationThatMissesItsTargetFails() {
        assertThat(execute("bench", "guard", "--runs", "20", "--impressions", "20000"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("found are 0.").contains("wanted are 0.9");
    }

    private int execute(String... args) {
        CommandLine command = Rebound.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args);
    }
}
