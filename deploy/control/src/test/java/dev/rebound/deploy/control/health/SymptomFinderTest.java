package dev.rebound.deploy.control.health;

import static dev.rebound.deploy.control.health.Observations.aHealthySite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.backup.BackupStanding;
import dev.rebound.deploy.control.backup.VerificationRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SymptomFinderTest {
    private final SymptomFinder finder = new SymptomFinder(Thresholds.of(Duration.ofMinutes(1), 0), false);

    static Stream<Arguments> sights() {
        return Stream.of(
                sight(aHealthySite()),
                sight(aHealthySite().withoutKafka(), Condition.KAFKA_UNREACHABLE),
                sight(aHealthySite().withOfflinePartition(), Condition.KAFKA_PARTITIONS_OFFLINE),
                sight(aHealthySite().withoutNameNode(), Condition.NAMENODE_UNREACHABLE),
                sight(aHealthySite().withHdfs(true, 1, 0, 900), Condition.HDFS_SAFE_MODE),
                sight(aHealthySite().withHdfs(false, 0, 1, 900), Condition.DATANODES_MISSING),
                sight(aHealthySite().withHdfs(false, 0, 0, 900), Condition.DATANODES_MISSING),
                sight(aHealthySite().withHdfs(false, 1, 0, 10), Condition.HDFS_FULL),
                sight(aHealthySite().withoutJobManager(), Condition.JOBMANAGER_UNREACHABLE),
                sight(aHealthySite().withSilentJobManagers(1, 2), Condition.JOBMANAGER_MISSING),
                sight(aHealthySite().withoutJobManager().withSilentJobManagers(1, 1), Condition.JOBMANAGER_UNREACHABLE),
                sight(aHealthySite().with(FlinkProbe.OVERLOAD_STEP, 3), Condition.OVERLOADED),
                sight(aHealthySite().withTaskManagers(1), Condition.TASKMANAGERS_MISSING),
                sight(aHealthySite().restarting(), Condition.JOB_NOT_RUNNING),
                sight(aHealthySite().withFailedCheckpoint(), Condition.CHECKPOINTS_FAIL),
                sight(aHealthySite().withFailedCheckpoint("Checkpoint Coordinator is suspending.")),
                sight(aHealthySite().at(61), Condition.CHECKPOINT_OLD),
                sight(aHealthySite().with(FlinkProbe.FAILED_COMMITS, 1), Condition.COMMITS_FAILED),
                sight(aHealthySite().with(FlinkProbe.MODELS_REFUSED, 2), Condition.MODEL_REFUSED),
                sight(aHealthySite().with(FlinkProbe.MODELS_SERVING, 0), Condition.MODEL_NOT_SERVING),
                sight(aHealthySite().with(FlinkProbe.MODELS_UNAVAILABLE, 1), Condition.MODEL_UNAVAILABLE),
                sight(aHealthySite().with(FlinkProbe.USERS_FALLBACK, 1), Condition.MODEL_FALLBACK),
                sight(
                        aHealthySite().with(FlinkProbe.USERS_FALLBACK, 100),
                        Condition.MODEL_NOT_SERVING,
                        Condition.MODEL_FALLBACK),
                sight(aHealthySite().withUncountedDataNodes(1_000)),
                sight(aHealthySite().withUncountedDataNodes(0), Condition.DATANODES_MISSING),
                sight(aHealthySite().refusingFiles("could only be written to 0", false), Condition.HDFS_WRITES_FAIL),
                sight(aHealthySite().takingFilesForEver(), Condition.HDFS_WRITES_FAIL),
                sight(aHealthySite().refusingFiles("the quota is exceeded", true), Condition.HDFS_FULL),
                sight(aHealthySite().withBadTaskManager("taskmanager-2"), Condition.TASKMANAGER_BAD),
                sight(aHealthySite().starting()),
                sight(aHealthySite().failed(), Condition.JOB_NOT_RUNNING),
                sight(aHealthySite().withoutJob(), Condition.JOB_NOT_RUNNING),
                sight(aHealthySite().withJobEnded()),
                sight(aHealthySite().with(FlinkProbe.DEAD_LETTERS, 500), Condition.DEAD_LETTERS_RISE),
                sight(aHealthySite().with(FlinkProbe.DEAD_LETTERS, 500).with(FlinkProbe.EVENTS_APPLIED, 100_000)),
                sight(aHealthySite().withSilentZooKeepers(1, 1), Condition.ZOOKEEPER_UNREACHABLE),
                sight(aHealthySite().withSilentZooKeepers(1, 3)),
                sight(aHealthySite().withSilentZooKeepers(2, 3), Condition.ZOOKEEPER_UNREACHABLE),
                sight(aHealthySite().deniedByKafka(), Condition.JOB_NOT_RUNNING, Condition.KAFKA_DENIES),
                sight(aHealthySite().withVerifiedBackupOf(Duration.ofHours(26))),
                sight(aHealthySite().withVerifiedBackupOf(Duration.ofHours(26).plusSeconds(1)), Condition.BACKUP_OLD),
                sight(aHealthySite().withVerifiedBackupOf(Duration.ofMinutes(-5))),
                sight(aHealthySite().withBackups(new BackupStanding(0, null, null, List.of())), Condition.BACKUP_OLD),
                sight(aHealthySite().withBackups(unsound()), Condition.BACKUP_NOT_SOUND, Condition.BACKUP_OLD),
                sight(aHealthySite().withUnreadableBackups(), Condition.BACKUPS_UNREADABLE),
                sight(aHealthySite().withOpenTransaction(30, 60)),
                sight(aHealthySite().withOpenTransaction(31, 60), Condition.TRANSACTION_OPEN_LONG),
                sight(aHealthySite().withOpenTransaction(31, 3_300)),
                sight(aHealthySite().withHiddenTransactions()),
                sight(aHealthySite().withReadersHeldFor(60)),
                sight(aHealthySite().withReadersHeldFor(61), Condition.READERS_HELD_BACK),
                sight(aHealthySite().withHost(9, 500, 500), Condition.HOST_CPU_BUSY),
                sight(aHealthySite().withHost(1, 20, 500), Condition.HOST_MEMORY_SHORT),
                sight(aHealthySite().withHost(1, 500, 40), Condition.HOST_DISK_FULL));
    }

    @ParameterizedTest
    @MethodSource("sights")
    void eachConditionIsSeen(Observation seen, List<Condition> expected) {
        finder.find(aHealthySite().at(-10).build());

        assertThat(finder.find(seen)).extracting(Symptom::condition).containsExactlyElementsOf(expected);
    }

    private static BackupStanding unsound() {
        return new BackupStanding(
                2,
                null,
                new VerificationRecord(1, "b", Observations.START, false, List.of("a file is not there"), "somebody"),
                List.of("c"));
    }

    @Test
    void aBackupOfTheFutureIsNamedAndDoesNotCount() {
        assertThat(finder.find(aHealthySite().withBackups(unsound()).build()))
                .extracting(Symptom::detail)
                .anyMatch(detail -> detail.contains("a file is not there"))
                .anyMatch(detail -> detail.contains("of the future") && detail.contains("clock"));
    }

    @Test
    void aTransactionThatTheBrokersShouldHaveEndedIsToldAsSuch() {
        assertThat(finder.find(aHealthySite().withOpenTransaction(61, 60).build()))
                .singleElement()
                .satisfies(symptom ->
                        assertThat(symptom.detail()).contains("61 s of the 60 s that its job allows", "find-hanging"));
    }

    @Test
    void aCounterThatStaysIsNoSymptomAfterAWhile() {
        finder.find(aHealthySite().build());
        assertThat(conditions(aHealthySite().at(10).with(FlinkProbe.MODELS_REFUSED, 3)))
                .containsExactly(Condition.MODEL_REFUSED);

        assertThat(conditions(aHealthySite().at(20).with(FlinkProbe.MODELS_REFUSED, 3)))
                .as("it is told for some minutes")
                .containsExactly(Condition.MODEL_REFUSED);
        assertThat(conditions(aHealthySite().at(400).checkpointedAt(390).with(FlinkProbe.MODELS_REFUSED, 3)))
                .isEmpty();
    }

    @Test
    void aCounterThatBeganAnewCountsFromZero() {
        finder.find(aHealthySite().with(FlinkProbe.USERS_FALLBACK, 50).build());

        assertThat(conditions(aHealthySite().at(400).checkpointedAt(390).with(FlinkProbe.USERS_FALLBACK, 7)))
                .containsExactly(Condition.MODEL_FALLBACK);
    }

    @Test
    void failedCommitsAreRememberedWhenTheirTaskBeginsAnew() {
        finder.find(aHealthySite().with(FlinkProbe.FAILED_COMMITS, 1).build());

        assertThat(conditions(aHealthySite().at(10).with(FlinkProbe.FAILED_COMMITS, 0)))
                .containsExactly(Condition.COMMITS_FAILED);
    }

    @Test
    void aSymptomKeepsTheTimeOfItsFirstSight() {
        finder.find(aHealthySite().withoutKafka().build());
        Symptom later =
                finder.find(aHealthySite().at(30).withoutKafka().build()).get(0);
        assertThat(later.since()).isEqualTo(Observations.START);

        finder.find(aHealthySite().at(40).build());
        Symptom again =
                finder.find(aHealthySite().at(50).withoutKafka().build()).get(0);
        assertThat(again.since()).isEqualTo(Observations.START.plusSeconds(50));
    }

    private List<Condition> conditions(Observations site) {
        return finder.find(site.build()).stream().map(Symptom::condition).toList();
    }

    private static Arguments sight(Observations site, Condition... expected) {
        return Arguments.of(site.build(), Arrays.asList(expected));
    }
}
