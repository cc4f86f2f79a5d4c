package dev.rebound.deploy.everycommand;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.everycommand.ReboundCommand.Ended;
import dev.rebound.deploy.lab.shop.ShopGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A day of a site's operators, from the first look at it to the restore from a backup. Each step is a command as they type it;
 * what it did is asked of the next ones.
 */
final class EveryCommand {
    private static final int EVENTS = 6_000;
    private static final int PARTS = 6;

    private final ReboundCommand rebound;
    private final ShopFile shop;
    private final URI backups;
    private final URI restored;

    /**
     * @param backups folder for backups
     * @param restored folder that the site's Flink reads, for what is restored
     */
    EveryCommand(ReboundCommand rebound, URI backups, URI restored) {
        this.rebound = rebound;
        this.shop = new ShopFile(rebound.folder(), ShopGenerator.of(1, EVENTS));
        this.backups = backups;
        this.restored = restored;
    }

    /** Looks at a site without topics, makes them, and looks again. */
    void prepareTheSite() throws IOException, InterruptedException {
        Ended before = rebound.run("site", "check");
        assertThat(before.exit()).as("without topics").isEqualTo(1);
        assertThat(wrong(before.json())).singleElement().asString().contains("site topics --create");

        rebound.result("site", "topics", "--create");

        assertThat(wrong(rebound.result("site", "check"))).isEmpty();
    }

    /** What `site check` complains of. */
    static List<String> wrong(JsonNode findings) {
        List<String> wrong = new ArrayList<>();
        assertThat(findings).isNotEmpty();
        for (JsonNode finding : findings) {
            if (!finding.path("ok").asBoolean()) {
                wrong.add(finding.path("text").asText());
            }
        }
        return wrong;
    }

    /** Trains two versions, publishes the first and starts the job. */
    void start() throws IOException, InterruptedException {
        for (String version : new String[] {"v1", "v2"}) {
            rebound.result("model", "train", "--events-count", "4000", "--model-version", version);
        }
        rebound.result("model", "publish", "v1");
        String jobId = rebound.result("job", "submit").path("jobId").asText();

        JsonNode jobs = rebound.result("job", "list").path("jobs");
        assertThat(jobs).hasSize(1);
        assertThat(jobs.path(0).path("jobId").asText()).isEqualTo(jobId);
        assertThat(jobs.path(0).path("state").asText()).isEqualTo("RUNNING");
        replay();
        reconcile(false);
    }

    /** Publishes a version to some users, to all, and takes it back. */
    void release() throws IOException, InterruptedException {
        rebound.result("model", "publish", "v2", "--stage", "canary", "--percent", "20");
        assertThat(live()).isEqualTo("v1");
        resultUnderLoad("model", "promote", "v2", "--wait");
        assertThat(live()).isEqualTo("v2");
        resultUnderLoad("model", "rollback", "--wait");
        assertThat(live()).isEqualTo("v1");
    }

    /** Of a command that waits for what the job does with events that come meanwhile. */
    private void resultUnderLoad(String... command) throws IOException, InterruptedException {
        CompletableFuture<Ended> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return rebound.run(command);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        replay("--rate", "50");
        Ended ended = waiting.join();
        assertThat(ended.exit()).as("exit code of %s", ended).isZero();
    }

    private String live() throws IOException, InterruptedException {
        List<String> live = new ArrayList<>();
        for (JsonNode version : rebound.result("model", "list").path("versions")) {
            if (version.path("stage").asText().equals("LIVE")) {
                live.add(version.path("version").asText());
            }
        }
        return String.join(",", live);
    }

    /** Upgrades to options that work, and to such as do not: the job comes back by itself. */
    void upgrade() throws IOException, InterruptedException {
        JsonNode good = rebound.result("job", "submit", "--upgrade", "--", "--recommendation.count", "5");
        assertThat(good.path("problem").isNull()).isTrue();

        Ended bad = rebound.run("job", "submit", "--upgrade", "--", "--privacy.pseudonym-key-file", "/nowhere/key");

        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.json().path("problem").asText()).contains("/nowhere/key");
        assertThat(rebound.result("job", "list").path("jobs").findValuesAsText("state"))
                .filteredOn("RUNNING"::equals)
                .hasSize(1);
    }

    /** Goes back to a savepoint after more was read; nothing is lost by it. */
    void rollBack() throws IOException, InterruptedException {
        String savepoint = rebound.result("job", "savepoint").path("savepoint").asText();
        assertThat(rebound.result("job", "savepoints").findValuesAsText("path")).contains(savepoint);
        replay();
        reconcile(false);

        rebound.result("job", "rollback", "--to", savepoint);

        replay();
        reconcile(true);
        Ended doctor = rebound.run("doctor");
        assertThat(doctor.exit()).as("the doctor's %s", doctor).isZero();
    }

    /** Stops the job, backs the site up, and goes on from what was restored elsewhere. */
    void restore() throws IOException, InterruptedException {
        String last = rebound.result("job", "stop").path("savepoint").asText();
        String target = backups.toString();
        JsonNode backup = rebound.result("backup", "create", "--full", "--target", target);
        assertThat(backup.path("points").toString()).contains(last);
        assertThat(rebound.result("backup", "verify", "--target", target)
                        .path("sound")
                        .asBoolean())
                .isTrue();
        JsonNode back = rebound.result(
                "backup", "restore", "--target", target, "--only", "models,savepoints", "--to", restored.toString());
        String savepoint =
                back.path("points").get(back.path("points").size() - 1).asText();
        assertThat(savepoint).startsWith(restored.toString());

        rebound.result("job", "submit", "--from-savepoint", savepoint);
        replay();
        reconcile(true);
        rebound.result("job", "stop", "--without-savepoint");
    }

    private void replay(String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("replay", shop.next(PARTS).toString()));
        command.addAll(List.of(options));
        JsonNode sent = rebound.result(command.toArray(String[]::new));
        assertThat(sent.path("eventsSent").asInt()).isPositive();
        assertThat(sent.path("rejectedRows").asInt()).isZero();
    }

    private void reconcile(boolean afterRollback) throws IOException, InterruptedException {
        JsonNode counts = afterRollback ? rebound.result("reconcile", "--after-rollback") : rebound.result("reconcile");
        assertThat(counts.path("lost").asLong(-1)).isZero();
        assertThat(counts.path("duplicated").asLong(-1)).isZero();
        assertThat(counts.path("eventsApplied").asLong()).isPositive();
        assertThat(counts.path("responses").asLong())
                .isPositive()
                .isEqualTo(counts.path("requests").asLong());
    }
}
