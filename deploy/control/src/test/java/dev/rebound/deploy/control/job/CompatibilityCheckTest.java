package dev.rebound.deploy.control.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.control.savepoint.RestoreRehearsal.PlannedOperator;
import dev.rebound.deploy.control.savepoint.RestoreRehearsal.Result;
import dev.rebound.deploy.control.savepoint.SavedOperator;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompatibilityCheckTest {
    private static final SavedOperator USERS = new SavedOperator("users", "users", "id-users", 2, 128, 100);
    private static final SavedOperator SINK = new SavedOperator("out-sink", "out-sink", "id-sink", 2, 128, 10);

    @Test
    void theSameOperatorsAreRestored() {
        CompatibilityReport report = compare(List.of(USERS, SINK), false, planned("users", 128), planned("sink", 128));

        assertThat(report).isEqualTo(new CompatibilityReport(List.of(), List.of(), List.of()));
    }

    @Test
    void stateWithoutAnOperatorOfItsUidWouldBeLost() {
        CompatibilityReport report = compare(List.of(USERS, SINK), false, planned("sink", 128), planned("people", 128));

        assertThat(report.problems()).singleElement().asString().contains("'users' (100 bytes) would be lost");
        assertThat(report.fresh()).containsExactly("people");
    }

    @Test
    void anotherMaxParallelismIsNoPlaceForTheState() {
        CompatibilityReport report = compare(List.of(USERS), false, planned("users", 64));

        assertThat(report.problems()).singleElement().asString().contains("max parallelism 64", "laid out in 128");
    }

    @Test
    void onlySinksAreLeftBehindOnPurpose() {
        assertThat(compare(List.of(USERS, SINK), true, planned("users", 128)))
                .isEqualTo(new CompatibilityReport(List.of(), List.of("out-sink"), List.of()));
        assertThat(compare(List.of(USERS, SINK), true, planned("sink", 128)).problems())
                .hasSize(1);
        assertThat(compare(List.of(USERS, SINK), false, planned("users", 128)).problems())
                .singleElement()
                .asString()
                .contains("sink.generation");
    }

    @Test
    void aSourceIsLeftBehindOnPurposeOnlyForAnotherGenerationOfIt() {
        SavedOperator source = new SavedOperator("campaigns", "campaigns", "id-campaigns", 2, 128, 10);

        assertThat(compare(List.of(USERS, source), true, planned("users", 128), planned("campaigns-g3", 128)))
                .isEqualTo(new CompatibilityReport(List.of(), List.of("campaigns"), List.of("campaigns-g3")));
        assertThat(compare(List.of(USERS, source), true, planned("users", 128), planned("catalog-updates-g3", 128))
                        .problems())
                .singleElement()
                .asString()
                .contains("'campaigns' (10 bytes) would be lost");
        assertThat(compare(List.of(USERS, source), false, planned("users", 128), planned("campaigns-g3", 128))
                        .problems())
                .singleElement()
                .asString()
                .contains("source.generation");
    }

    @Test
    void anOperatorWithoutStateMayGo() {
        SavedOperator stateless = new SavedOperator("map", "map", "id-map", 2, 128, 0);

        assertThat(compare(List.of(stateless, USERS), false, planned("users", 128))
                        .isCompatible())
                .isTrue();
    }

    @Test
    void whatTheJarCanNotReadIsToldEvenIfItLaysNoDataflow() {
        CompatibilityReport report =
                CompatibilityCheck.compare(List.of(USERS), new Result(List.of(), List.of("no dataflow")), false);

        assertThat(report.problems()).containsExactly("no dataflow");
    }

    private static CompatibilityReport compare(
            List<SavedOperator> saved, boolean sinksMayBeDropped, PlannedOperator... operators) {
        return CompatibilityCheck.compare(saved, new Result(List.of(operators), List.of()), sinksMayBeDropped);
    }

    private static PlannedOperator planned(String uid, int maxParallelism) {
        return new PlannedOperator(uid, uid, "id-" + uid, 2, maxParallelism);
    }
}
