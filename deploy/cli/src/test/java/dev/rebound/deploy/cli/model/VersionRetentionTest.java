package dev.rebound.deploy.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rebound.deploy.control.release.Stages;
import dev.rebound.deploy.control.release.VersionRetention;
import dev.rebound.operators.release.Lineage;
import dev.rebound.operators.release.ModelManifest;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.release.ModelRegistry;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionRetentionTest {
    private static final Instant NOW = Instant.parse("2026-01-11T00:00:00Z");

    @TempDir
    Path registry;

    private final List<ModelRelease> releases = new ArrayList<>();

    /** Versions 1 to 8, a day each, 8 made today. */
    @BeforeEach
    void eightVersions() throws IOException {
        for (int version = 1; version <= 8; version++) {
            write(Integer.toString(version), NOW.minus(Duration.ofDays(8 - version)));
        }
    }

    private void write(String version, Instant createdAt) throws IOException {
        ModelManifest manifest = new ModelManifest(
                "djl",
                "ranker",
                version,
                null,
                List.of(),
                32,
                "vocabulary.txt",
                "weights",
                NOW.minus(Duration.ofDays(40)),
                NOW.minus(Duration.ofDays(9)),
                createdAt,
                Map.of("validation_ndcg@10", 0.5),
                Map.of(),
                new Lineage("0", "0.1.0", null));
        ModelPackages.write(
                new org.apache.flink.core.fs.Path(registry.toUri()), manifest, Map.of("weights", new byte[10]));
    }

    private void released(String version, ReleaseStage stage, long issuedAt) {
        releases.add(ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(version)
                .setPackageUri("file:/elsewhere")
                .setSha256("0")
                .setStage(stage)
                .setTrafficPercent(10)
                .setIssuedAt(issuedAt)
                .build());
    }

    private List<ModelRegistry.Registered> registered() throws IOException {
        return new ModelRegistry(new org.apache.flink.core.fs.Path(registry.toUri())).list();
    }

    private List<String> going(VersionRetention retention, Map<String, String> savepoints) throws IOException {
        return retention.judge(registered(), Stages.of(releases, ReleasePlan.STANDING_BY), savepoints, NOW).stream()
                .filter(VersionRetention.Verdict::goes)
                .map(verdict -> verdict.version().version())
                .toList();
    }

    @Test
    void theNewestStay() throws Exception {
        assertThat(going(new VersionRetention(3, null), Map.of())).containsExactly("5", "4", "3", "2", "1");
    }

    @Test
    void whatAStageRefersToStays() throws Exception {
        released("1", ReleaseStage.LIVE, 30);
        released("2", ReleaseStage.LIVE, 20);
        released("3", ReleaseStage.LIVE, 10);
        released("4", ReleaseStage.CANARY, 40);
        released("5", ReleaseStage.SHADOW, 50);
        released("6", ReleaseStage.RETIRED, 60);

        // 1 is live, 2 is what a rollback goes to; 3 has been superseded, 6 was taken out.
        assertThat(going(new VersionRetention(1, null), Map.of())).containsExactly("7", "6", "3");
        assertThat(ModelList.views(registered(), releases))
                .extracting(VersionView::version, VersionView::stage)
                .contains(
                        tuple("1", "LIVE"),
                        tuple("2", "previous LIVE"),
                        tuple("3", "superseded"),
                        tuple("4", "CANARY 10.00 %"),
                        tuple("8", "-"));
    }

    /** As the job decides it, so that a listing never calls live what does not answer. */
    @Test
    void ofTwoIssuedAtOnceTheJobsChoiceIsLive() throws Exception {
        released("1", ReleaseStage.LIVE, 30);
        released("2", ReleaseStage.LIVE, 30);

        String answering = ReleasePlan.of(releases).answering().orElseThrow().getVersion();

        assertThat(ModelList.views(registered(), releases))
                .filteredOn(view -> view.stage().equals("LIVE"))
                .extracting(VersionView::version)
                .containsExactly(answering);
    }

    @Test
    void anotherModelsLiveVersionIsNoReasonForThisOnes() throws Exception {
        released("1", ReleaseStage.LIVE, 30);
        releases.get(0).setModel("other");

        assertThat(going(new VersionRetention(7, null), Map.of())).containsExactly("1");
    }

    @Test
    void whatASavepointRefersToStays() throws Exception {
        assertThat(going(new VersionRetention(6, null), Map.of("ranker/2", "hdfs:/savepoint-1")))
                .containsExactly("1");
    }

    @Test
    void whatIsYoungerStays() throws Exception {
        assertThat(going(new VersionRetention(0, Duration.ofDays(5)), Map.of())).containsExactly("3", "2", "1");
    }

    @Test
    void whatCannotBeReadStaysAndIsListed() throws Exception {
        Files.writeString(registry.resolve("ranker/1/model.json"), "{");

        assertThat(going(new VersionRetention(0, null), Map.of()))
                .doesNotContain("1")
                .hasSize(7);
        assertThat(ModelList.views(registered(), releases))
                .filteredOn(view -> view.version().equals("1"))
                .singleElement()
                .satisfies(view -> assertThat(view.problem()).contains("model.json cannot be read"));
    }

    @Test
    void aDeletedVersionIsGoneWhole() throws Exception {
        ModelRegistry.delete(registered().get(0));

        assertThat(registered())
                .extracting(ModelRegistry.Registered::version)
                .doesNotContain("8")
                .hasSize(7);
        try (var left = Files.list(registry.resolve("ranker"))) {
            assertThat(left).hasSize(7);
        }
    }

    @Test
    void aListingTellsWhereAVersionComesFromAndWhatIsNotThere() throws Exception {
        released("9", ReleaseStage.LIVE, 1);
        List<VersionView> views = ModelList.views(registered(), releases);

        assertThat(views.get(0).row())
                .containsExactly(
                        "ranker",
                        "8",
                        "-",
                        "2026-01-11T00:00:00Z",
                        "2025-12-02..2026-01-02",
                        "0",
                        "0.1.0",
                        "djl",
                        String.format("%,d", views.get(0).bytes()),
                        "no",
                        "validation_ndcg@10 0.5000");
        assertThat(views.get(8).problem()).contains("not in this registry", "file:/elsewhere");
    }
}
