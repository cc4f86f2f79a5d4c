package dev.rebound.deploy.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is seen on each fault, and where it begins. */
class RootCauseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("a TaskManager is killed")
                        .shows(Condition.TASKMANAGERS_MISSING, Condition.JOB_NOT_RUNNING, Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.TASKMANAGERS_MISSING),
                fault("a TaskManager is killed, its slots are spare")
                        .shows(Condition.TASKMANAGERS_MISSING)
                        .beginsWith(Condition.TASKMANAGERS_MISSING),
                fault("the JobManager is killed")
                        .shows(Condition.JOBMANAGER_UNREACHABLE)
                        .beginsWith(Condition.JOBMANAGER_UNREACHABLE),
                fault("the JobManager that leads is killed and the other one has not taken over")
                        .shows(Condition.JOBMANAGER_MISSING, Condition.JOBMANAGER_UNREACHABLE)
                        .beginsWith(Condition.JOBMANAGER_MISSING),
                fault("a job that restarted has much to catch up with")
                        .shows(Condition.JOB_NOT_RUNNING, Condition.OVERLOADED)
                        .beginsWith(Condition.JOB_NOT_RUNNING),
                fault("the JobManager is back and TaskManagers have not registered")
                        .shows(Condition.JOBMANAGER_UNREACHABLE, Condition.TASKMANAGERS_MISSING)
                        .beginsWith(Condition.JOBMANAGER_UNREACHABLE),
                fault("the broker is killed")
                        .shows(
                                Condition.KAFKA_UNREACHABLE,
                                Condition.JOB_NOT_RUNNING,
                                Condition.CHECKPOINTS_FAIL,
                                Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.KAFKA_UNREACHABLE),
                fault("partitions lose their leader")
                        .shows(Condition.KAFKA_PARTITIONS_OFFLINE, Condition.JOB_NOT_RUNNING)
                        .beginsWith(Condition.KAFKA_PARTITIONS_OFFLINE),
                fault("the NameNode is killed")
                        .shows(Condition.NAMENODE_UNREACHABLE, Condition.CHECKPOINTS_FAIL, Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.NAMENODE_UNREACHABLE),
                fault("the NameNode is in safe mode")
                        .shows(Condition.HDFS_SAFE_MODE, Condition.CHECKPOINTS_FAIL, Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.HDFS_SAFE_MODE),
                fault("the DataNode is killed and the NameNode restarted")
                        .shows(Condition.DATANODES_MISSING, Condition.HDFS_SAFE_MODE, Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.DATANODES_MISSING),
                fault("a model is published while HDFS is away")
                        .shows(Condition.NAMENODE_UNREACHABLE, Condition.CHECKPOINTS_FAIL, Condition.MODEL_UNAVAILABLE)
                        .beginsWith(Condition.NAMENODE_UNREACHABLE),
                fault("a job begins while HDFS is in safe mode")
                        .shows(Condition.HDFS_SAFE_MODE, Condition.MODEL_UNAVAILABLE, Condition.MODEL_NOT_SERVING)
                        .beginsWith(Condition.HDFS_SAFE_MODE),
                fault("the DataNode is killed and has not been missed yet")
                        .shows(Condition.HDFS_WRITES_FAIL, Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.HDFS_WRITES_FAIL),
                fault("the disk of one TaskManager breaks")
                        .shows(Condition.TASKMANAGER_BAD, Condition.JOB_NOT_RUNNING, Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.TASKMANAGER_BAD),
                fault("HDFS is full")
                        .shows(Condition.HDFS_FULL, Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.HDFS_FULL),
                fault("the disk is full")
                        .shows(
                                Condition.HOST_DISK_FULL,
                                Condition.HDFS_FULL,
                                Condition.HDFS_SAFE_MODE,
                                Condition.KAFKA_UNREACHABLE,
                                Condition.JOB_NOT_RUNNING,
                                Condition.CHECKPOINTS_FAIL,
                                Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.HOST_DISK_FULL),
                fault("the memory is short and processes are killed")
                        .shows(
                                Condition.HOST_MEMORY_SHORT,
                                Condition.HOST_CPU_BUSY,
                                Condition.TASKMANAGERS_MISSING,
                                Condition.JOB_NOT_RUNNING)
                        .beginsWith(Condition.HOST_MEMORY_SHORT),
                fault("the processors are busy")
                        .shows(Condition.HOST_CPU_BUSY, Condition.CHECKPOINTS_FAIL, Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.HOST_CPU_BUSY),
                fault("checkpoints expire under backpressure")
                        .shows(Condition.CHECKPOINTS_FAIL, Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.CHECKPOINTS_FAIL),
                fault("a poisoned record restarts the job again and again")
                        .shows(Condition.JOB_NOT_RUNNING, Condition.CHECKPOINTS_FAIL, Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.JOB_NOT_RUNNING),
                fault("the job begins again and again, and is up at this moment")
                        .shows(Condition.RESTARTS_MANY, Condition.ANSWERS_SLOW)
                        .beginsWith(Condition.RESTARTS_MANY),
                fault("no checkpoint completes, and so no transaction")
                        .shows(
                                Condition.CHECKPOINTS_FAIL,
                                Condition.CHECKPOINT_OLD,
                                Condition.READERS_HELD_BACK,
                                Condition.TRANSACTION_OPEN_LONG)
                        .beginsWith(Condition.CHECKPOINTS_FAIL),
                fault("a job that is gone has left a transaction open")
                        .shows(Condition.READERS_HELD_BACK, Condition.TRANSACTION_OPEN_LONG)
                        .beginsWith(Condition.READERS_HELD_BACK),
                fault("the job does not run, and readers wait for it")
                        .shows(
                                Condition.JOB_NOT_RUNNING,
                                Condition.RESTARTS_MANY,
                                Condition.READERS_HELD_BACK,
                                Condition.ANSWERS_SLOW)
                        .beginsWith(Condition.JOB_NOT_RUNNING),
                fault("more is asked for than the job can do")
                        .shows(Condition.OVERLOADED, Condition.ANSWERS_SLOW, Condition.WATERMARK_STALLS)
                        .beginsWith(Condition.OVERLOADED),
                fault("the backups are on an HDFS that is away")
                        .shows(Condition.NAMENODE_UNREACHABLE, Condition.BACKUPS_UNREADABLE)
                        .beginsWith(Condition.NAMENODE_UNREACHABLE),
                fault("the newest backup is damaged, and the one before is old")
                        .shows(Condition.BACKUP_NOT_SOUND, Condition.BACKUP_OLD)
                        .beginsWith(Condition.BACKUP_NOT_SOUND, Condition.BACKUP_OLD),
                fault("the first model is tampered with")
                        .shows(Condition.MODEL_REFUSED, Condition.MODEL_NOT_SERVING, Condition.MODEL_FALLBACK)
                        .beginsWith(Condition.MODEL_REFUSED),
                fault("a model fails on some batches")
                        .shows(Condition.MODEL_FALLBACK)
                        .beginsWith(Condition.MODEL_FALLBACK),
                fault("an outage outlasts the transactions")
                        .shows(Condition.KAFKA_UNREACHABLE, Condition.JOB_NOT_RUNNING, Condition.COMMITS_FAILED)
                        .beginsWith(Condition.COMMITS_FAILED, Condition.KAFKA_UNREACHABLE),
                fault("a TaskManager is killed while the NameNode is away")
                        .shows(
                                Condition.NAMENODE_UNREACHABLE,
                                Condition.TASKMANAGERS_MISSING,
                                Condition.JOB_NOT_RUNNING,
                                Condition.CHECKPOINTS_FAIL,
                                Condition.CHECKPOINT_OLD)
                        .beginsWith(Condition.NAMENODE_UNREACHABLE, Condition.TASKMANAGERS_MISSING),
                fault("Kafka and HDFS are both away")
                        .shows(
                                Condition.KAFKA_UNREACHABLE,
                                Condition.NAMENODE_UNREACHABLE,
                                Condition.JOB_NOT_RUNNING,
                                Condition.CHECKPOINTS_FAIL)
                        .beginsWith(Condition.KAFKA_UNREACHABLE, Condition.NAMENODE_UNREACHABLE),
                fault("a tampered model is published while a broker's partitions are offline")
                        .shows(Condition.KAFKA_PARTITIONS_OFFLINE, Condition.JOB_NOT_RUNNING, Condition.MODEL_REFUSED)
                        .beginsWith(Condition.KAFKA_PARTITIONS_OFFLINE, Condition.MODEL_REFUSED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultIsReportedWhereItBegins(String fault, List<Symptom> symptoms, Set<Condition> roots) {
        List<Diagnosis> diagnoses = new RootCause().locate(symptoms, NOW);

        assertThat(diagnoses)
                .extracting(diagnosis -> diagnosis.root().condition())
                .containsExactlyInAnyOrderElementsOf(roots);
        assertThat(diagnoses.stream()
                        .flatMap(diagnosis -> Stream.concat(Stream.of(diagnosis.root()), diagnosis.explains().stream()))
                        .collect(Collectors.toSet()))
                .as("nothing that was seen goes untold")
                .containsExactlyInAnyOrderElementsOf(symptoms);
    }

    @Test
    void failedCommitsComeFirst() {
        List<Symptom> symptoms = Arrays.stream(Condition.values())
                .sorted((a, b) -> b.compareTo(a))
                .map(condition -> new Symptom(condition, "it", "seen", NOW))
                .toList();

        assertThat(new RootCause().locate(symptoms, NOW).get(0).root().condition())
                .isEqualTo(Condition.COMMITS_FAILED);
    }

    @Test
    void whatWasWrongLongBeforeIsNoEffect() {
        Symptom checkpoints =
                new Symptom(Condition.CHECKPOINTS_FAIL, "job", "7 failed", NOW.minus(Duration.ofHours(1)));
        Symptom nameNode = new Symptom(Condition.NAMENODE_UNREACHABLE, "namenode", "refused", NOW);

        assertThat(new RootCause().locate(List.of(checkpoints, nameNode), NOW))
                .extracting(Diagnosis::root)
                .containsExactly(nameNode, checkpoints);
    }

    @Test
    void anEffectMayBeSeenALittleBeforeItsCause() {
        Symptom job = new Symptom(Condition.JOB_NOT_RUNNING, "job", "RESTARTING", NOW.minusSeconds(20));
        Symptom kafka = new Symptom(Condition.KAFKA_UNREACHABLE, "brokers", "no answer within 10 s", NOW);

        assertThat(new RootCause().locate(List.of(job, kafka), NOW))
                .containsExactly(new Diagnosis(kafka, List.of(job)));
    }

    @Test
    void anEffectThatLastsLongerThanItsCauseIsNoRoot() {
        RootCause rootCause = new RootCause();
        Symptom kafka = new Symptom(Condition.KAFKA_UNREACHABLE, "brokers", "no answer within 10 s", NOW);
        Symptom job = new Symptom(Condition.JOB_NOT_RUNNING, "job", "RESTARTING", NOW.plusSeconds(5));
        rootCause.locate(List.of(kafka, job), NOW.plusSeconds(10));

        assertThat(rootCause.locate(List.of(job), NOW.plusSeconds(20)))
                .singleElement()
                .satisfies(diagnosis -> {
                    assertThat(diagnosis.root().condition()).isEqualTo(Condition.KAFKA_UNREACHABLE);
                    assertThat(diagnosis.root().detail()).contains("it is over");
                    assertThat(diagnosis.explains()).containsExactly(job);
                });
        assertThat(rootCause.locate(List.of(), NOW.plusSeconds(30))).isEmpty();
        assertThat(rootCause.locate(List.of(job), NOW.plus(Duration.ofMinutes(10))))
                .extracting(Diagnosis::root)
                .containsExactly(job);
    }

    @Test
    void whatBeginsLongAfterACauseIsOverIsNoEffect() {
        RootCause rootCause = new RootCause();
        rootCause.locate(List.of(new Symptom(Condition.KAFKA_UNREACHABLE, "brokers", "refused", NOW)), NOW);
        Symptom job = new Symptom(Condition.JOB_NOT_RUNNING, "job", "RESTARTING", NOW.plusSeconds(90));

        assertThat(rootCause.locate(List.of(job), NOW.plusSeconds(90)))
                .extracting(Diagnosis::root)
                .containsExactly(job);
    }

    @Test
    void noConditionBringsItselfAbout() {
        for (Condition condition : Condition.values()) {
            Set<Condition> reached = EnumSet.noneOf(Condition.class);
            List<Condition> open = new ArrayList<>(condition.effects());
            while (!open.isEmpty()) {
                Condition effect = open.remove(open.size() - 1);
                if (reached.add(effect)) {
                    open.addAll(effect.effects());
                }
            }
            assertThat(reached).as("effects of %s", condition).doesNotContain(condition);
        }
    }

    private record Fault(String name, List<Symptom> symptoms) {
        Fault shows(Condition... conditions) {
            return new Fault(
                    name,
                    Arrays.stream(conditions)
                            .map(condition -> new Symptom(condition, "it", "seen", NOW))
                            .toList());
        }

        Arguments beginsWith(Condition... roots) {
            return Arguments.of(name, symptoms, Set.of(roots));
        }
    }

    private static Fault fault(String name) {
        return new Fault(name, List.of());
    }
}
