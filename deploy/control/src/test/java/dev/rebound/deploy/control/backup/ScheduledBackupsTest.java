package dev.rebound.deploy.control.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.Alert;
import dev.rebound.schemas.AlertSeverity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledBackupsTest {
    private final List<Alert> alerts = new ArrayList<>();
    private FilesOfASite site;

    @BeforeEach
    void aSite(@TempDir Path folder) {
        site = new FilesOfASite(folder);
        site.write("conf/a", "a");
    }

    @Test
    void aFullBackupComesWhenTheLastOneIsTooOld() throws IOException {
        ScheduledBackups backups = scheduled(alerts::add);
        for (int hour = 0; hour < 26; hour++) {
            backups.run();
            site.passes(Duration.ofHours(1));
        }

        try (BackupStore store = site.store()) {
            assertThat(store.manifests()).hasSize(3); // What is kept: hours 25, 24 and 23.
            assertThat(store.manifests())
                    .extracting(BackupManifest::kind)
                    .containsExactly(BackupKind.INCREMENTAL, BackupKind.FULL, BackupKind.INCREMENTAL);
        }
        assertThat(alerts).isEmpty();
    }

    @Test
    void aFailureRaisesAnAlertAndTheNextTimeIsTried() throws IOException {
        ScheduledBackups backups = scheduled(alerts::add);
        site.delete("conf");

        backups.run();

        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.getSeverity()).isEqualTo(AlertSeverity.CRITICAL);
            assertThat(alert.getReason()).isEqualTo("BACKUP_FAILED");
            assertThat(alert.getMessage()).contains("nothing to back up");
            assertThat(alert.getCommand()).startsWith("rebound backup create");
        });
        site.write("conf/a", "back again");
        backups.run();
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1).getReason()).isEqualTo("BACKUP_SUCCEEDED");
        try (BackupStore store = site.store()) {
            assertThat(store.manifests()).hasSize(1);
        }
    }

    @Test
    void anAlertThatCannotBeDeliveredIsTold() throws IOException {
        Files.delete(site.path("conf/a"));

        scheduled(alert -> {
                    throw new IllegalStateException("Kafka is away");
                })
                .run();

        assertThat(site.said).anyMatch(line -> line.contains("could not be delivered: Kafka is away"));
    }

    private ScheduledBackups scheduled(Consumer<Alert> delivery) {
        List<BackupSource> sources =
                List.of(new BackupSource(PartKind.CONFIGURATION, "configuration", site.hadoop("conf")));
        return new ScheduledBackups(
                site::store,
                FilesOfASite.HADOOP,
                () -> sources,
                Duration.ofDays(1),
                new BackupRetention(3, null),
                delivery,
                site.said::add);
    }
}
