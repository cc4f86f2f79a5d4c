package dev.rebound.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.user.ScoringTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverloadLadderTest {
    private static final long MOST_WAIT = 2_000;
    private static final Duration REPLAY_AGE = Duration.ofMinutes(10);
    private static final long START = Duration.ofDays(20_000).toMillis();

    private final OverloadLadder ladder = new OverloadLadder(Duration.ofMillis(MOST_WAIT), REPLAY_AGE);
    private long now = START;

    /** What the tasks of an interval waited, and the step after it. */
    private OverloadStep interval(long... waits) {
        for (long wait : waits) {
            ScoringTask task = new ScoringTask();
            task.timeMillis = now - wait;
            ladder.add(task, now);
        }
        now += OverloadLadder.INTERVAL_MILLIS;
        return ladder.step(now);
    }

    private List<OverloadStep> intervals(int count, long... waits) {
        List<OverloadStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(interval(waits));
        }
        return steps;
    }

    @Test
    void oneStepIsTakenAnIntervalAndNoneBeyondTheLast() {
        assertThat(intervals(6, 5_000, 6_000))
                .containsExactly(
                        OverloadStep.FEWER_CANDIDATES,
                        OverloadStep.SMALLER_MODEL,
                        OverloadStep.LAST_LIST,
                        OverloadStep.TRENDING,
                        OverloadStep.TRENDING,
                        OverloadStep.TRENDING);
    }

    @Test
    void itIsLeftByItselfStepByStep() {
        intervals(2, 5_000);
        List<OverloadStep> steps = intervals(2 * OverloadLadder.CALM_INTERVALS, 100);

        assertThat(steps.get(OverloadLadder.CALM_INTERVALS - 2)).isEqualTo(OverloadStep.SMALLER_MODEL);
        assertThat(steps.get(OverloadLadder.CALM_INTERVALS - 1)).isEqualTo(OverloadStep.FEWER_CANDIDATES);
        assertThat(steps).last().isEqualTo(OverloadStep.FULL);
    }

    @Test
    void itIsAlsoLeftWhereNothingIsAskedForAnyMore() {
        intervals(1, 5_000);

        assertThat(intervals(OverloadLadder.CALM_INTERVALS)).last().isEqualTo(OverloadStep.FULL);
    }

    @Test
    void calmThatIsInterruptedBeginsAnew() {
        intervals(1, 5_000);
        intervals(OverloadLadder.CALM_INTERVALS - 1, 100);
        assertThat(interval(5_000)).isEqualTo(OverloadStep.SMALLER_MODEL);

        assertThat(intervals(OverloadLadder.CALM_INTERVALS - 1, 100)).last().isEqualTo(OverloadStep.SMALLER_MODEL);
        assertThat(interval(100)).isEqualTo(OverloadStep.FEWER_CANDIDATES);
    }

    @Test
    void oneThatHardlyWaitedProvesThatTheQueueIsWorkedOff() {
        assertThat(interval(5_000, 100, 60_000)).isEqualTo(OverloadStep.FULL);
    }

    @Test
    void aWaitOfJustSoLongIsNoOverload() {
        assertThat(interval(MOST_WAIT)).isEqualTo(OverloadStep.FULL);
        assertThat(interval(MOST_WAIT + 1)).isEqualTo(OverloadStep.FEWER_CANDIDATES);
    }

    @Test
    void aReplayIsNoOverload() {
        assertThat(intervals(3, REPLAY_AGE.toMillis(), Duration.ofDays(400).toMillis()))
                .containsOnly(OverloadStep.FULL);
    }

    @Test
    void aClockThatIsAheadIsNoWait() {
        assertThat(intervals(3, -60_000)).containsOnly(OverloadStep.FULL);
    }

    @Test
    void aUserWhoseClockIsAheadDoesNotHideTheQueueOfTheOthers() {
        long[] waits = new long[20];
        Arrays.fill(waits, 5_000);
        waits[3] = -60_000;
        waits[7] = 0;

        assertThat(interval(waits)).isEqualTo(OverloadStep.FEWER_CANDIDATES);
    }

    @Test
    void aTenthThatHardlyWaitedIsTheLastThatIsNotBelieved() {
        long[] waits = new long[20];
        Arrays.fill(waits, 5_000);
        Arrays.fill(waits, 0, 2, 0);
        assertThat(interval(waits)).isEqualTo(OverloadStep.FEWER_CANDIDATES);

        waits[2] = 0;
        assertThat(interval(waits)).isEqualTo(OverloadStep.FEWER_CANDIDATES);
        assertThat(intervals(OverloadLadder.CALM_INTERVALS - 1, waits)).last().isEqualTo(OverloadStep.FULL);
    }

    @Test
    void withoutAMostWaitNoStepIsTaken() {
        OverloadLadder never = new OverloadLadder(Duration.ZERO, REPLAY_AGE);
        ScoringTask task = new ScoringTask();
        task.timeMillis = START;
        never.add(task, START + 60_000);

        assertThat(never.step(START + 60_000)).isEqualTo(OverloadStep.FULL);
    }
}
