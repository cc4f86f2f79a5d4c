package dev.rebound.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.site.SiteFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReboundTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyCommandHasHelpAndTakesASite() {
        List<String> commands = new ArrayList<>();
        collect(Rebound.commandLine(), "", commands);

        assertThat(commands).hasSizeGreaterThan(50).contains("job submit", "site check", "backup restore");
        for (String command : commands) {
            out.getBuffer().setLength(0);
            assertThat(execute((command + " --help").split(" "))).as(command).isZero();
            assertThat(out.toString()).startsWith("Usage: rebound " + command).contains("--site");
        }
    }

    private static void collect(CommandLine parent, String name, List<String> commands) {
        parent.getSubcommands().forEach((each, command) -> {
            commands.add((name + " " + each).strip());
            collect(command, name + " " + each, commands);
        });
    }

    /** Each asks for its site in a way of its own; none may take the local stack for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "site show",
                "site check",
                "site topics",
                "job list",
                "job stop",
                "job savepoints",
                "job rollback",
                "job submit",
                "model list",
                "model report",
                "model rollback",
                "model canary v2 --percent 10",
                "backup list",
                "backup create --full",
                "reconcile",
                "doctor",
                "stack status",
                "demo",
                "chaos"
            })
    void aSiteThatIsNotThereIsNamed(String command, @TempDir Path folder) {
        String file = folder.resolve("none.yaml").toString();

        int exit = execute(("--site " + file + " " + command).split(" "));
        int exitOfLater = execute((command + " --site " + file).split(" "));

        assertThat(List.of(exit, exitOfLater)).containsOnly(1);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.contains(file) || line.contains("a local stack only"));
    }

    @Test
    void aSiteFileIsWrittenOnceAndCanBeReadAsItIs(@TempDir Path folder) {
        String file = folder.resolve("new/site.yaml").toString();

        assertThat(execute("site", "init", file)).isZero();
        assertThat(execute("site", "init", file)).isEqualTo(1);

        assertThat(err.toString()).contains(file + " is there already");
        assertThat(SiteFile.read(Path.of(file)).name()).isEqualTo("site-a");
    }

    @Test
    void whatStartsAndKillsProcessesIsForTheLocalStackOnly(@TempDir Path folder) {
        String file = folder.resolve("site.yaml").toString();
        execute("site", "init", file);

        assertThat(execute("stack", "down", "--site", file)).isEqualTo(1);

        assertThat(err.toString()).contains("a local stack only");
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

        assertThat(err.toString()).contains("\tat dev.rebound.deploy.cli");
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
