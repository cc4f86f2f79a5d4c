package dev.rebound.deploy.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.cli.Rebound;
import dev.rebound.deploy.control.backup.FilesOfASite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command lines, on a site whose Flink configuration is given. */
class BackupCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FilesOfASite site;

    @BeforeEach
    void aSite(@TempDir Path folder) throws IOException {
        site = new FilesOfASite(folder);
        site.model("v1", "weights of v1");
        site.savepoint("savepoint-1", "all users");
        site.write(
                "conf/config.yaml",
                "execution.checkpointing.dir: " + site.hadoop("checkpoints") + "\n"
                        + "execution.checkpointing.savepoint-dir: " + site.hadoop("savepoints") + "\n");
    }

    @Test
    void fromCreateToRestore() throws IOException {
        JsonNode created = json(create("--full", "--json"));
        assertThat(created.path("files").asInt()).isEqualTo(5);
        assertThat(created.path("copiedBytes").asLong())
                .isEqualTo(created.path("bytes").asLong())
                .isPositive();
        assertThat(created.path("points").get(0).asText()).endsWith("savepoints/savepoint-1");
        String id = created.path("id").asText();

        assertThat(run(create("--incremental"))).contains("incremental to " + id, "copied 0 files, 0 B in ");
        assertThat(run(on("list"))).contains(id, "whole");
        assertThat(run(on("verify", id))).contains("5 files", "all of it is what it was");
        site.delete("savepoints");
        assertThat(run(on("restore", id))).contains("Restored 2 files", "rebound job submit --from-savepoint");
        assertThat(site.path("savepoints/savepoint-1/_metadata")).exists();
        assertThat(run(on("prune", "--keep", "1"))).contains("deleted " + id, "1 backups stay");
    }

    @Test
    void verifyOfADamagedBackupFails() throws IOException {
        run(create("--full"));
        String object = site.contents("target/objects").entrySet().stream()
                .filter(entry -> entry.getValue().equals("all users"))
                .findFirst()
                .orElseThrow()
                .getKey();
        Files.writeString(site.path("target/objects/" + object), "ALL users");

        assertThat(execute(on("verify"))).isEqualTo(1);
        assertThat(out.toString()).contains("NOT SOUND savepoints/savepoint-1/keyed", "--full");
    }

    @Test
    void eitherFullOrIncrementalIsToBeSaid() {
        assertThat(execute(create())).isEqualTo(2);
        assertThat(execute(create("--full", "--incremental"))).isEqualTo(2);
        assertThat(err.toString()).contains("--full", "--incremental");
    }

    @Test
    void aTargetWithoutSchemeIsACallError() {
        assertThat(execute(List.of("backup", "list", "--target", "/backups"))).isEqualTo(2);
        assertThat(err.toString()).contains("file:///backups");
    }

    private List<String> create(String... options) {
        List<String> args = new ArrayList<>(on("create", options));
        args.addAll(List.of("--registry", site.hadoop("models").toString()));
        return args;
    }

    private List<String> on(String command, String... options) {
        List<String> args = new ArrayList<>(List.of("backup", command));
        args.addAll(List.of("--target", site.hadoop("target").toString()));
        args.addAll(List.of("--flink-conf", site.path("conf").toString()));
        args.addAll(List.of(options));
        return args;
    }

    private JsonNode json(List<String> args) throws IOException {
        return new ObjectMapper().readTree(run(args));
    }

    private String run(List<String> args) {
        out.getBuffer().setLength(0);
        assertThat(execute(args)).as(() -> err.toString()).isZero();
        return out.toString();
    }

    private int execute(List<String> args) {
        CommandLine command = Rebound.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(args.toArray(String[]::new));
    }
}
