package dev.rebound.operators.scoring;

import dev.rebound.operators.user.ScoringTask;
import java.time.Duration;

/**
 * Decides how much work recommendations are given while more is asked for than can be done. Overload is told by how long
 * tasks have waited since their event or request: by the least waits of an interval, as in CoDel (Nichols, Jacobson,
 * "Controlling Queue Delay", ACM Queue 10(5), 2012), since a queue that is worked off has tasks now and then that hardly
 * waited, and one late phone or slow clock among the producers does not matter. Nor does one that is ahead, whose tasks
 * seem never to have waited: it takes a tenth of an interval's tasks to prove that there is no queue. One step is taken an interval while that is
 * too long, and one is taken back after several intervals in which it is not. Owned by one task.
 *
 * <p>What is older than the replay age was not asked for just now: events that are replayed, or come late. Nobody waits for
 * their results, and all the work is done.
 */
final class OverloadLadder {
    static final long INTERVAL_MILLIS = 1_000;
    /** So that a step back is not taken before what the last one left undone would have shown. */
    static final int CALM_INTERVALS = 5;

    /** Of so many tasks one that hardly waited proves nothing. */
    private static final int CREDIBLE = 10;

    private final long mostWaitMillis;
    private final long replayAgeMillis;
    private OverloadStep step = OverloadStep.FULL;
    private int waited;
    private int waitedTooLong;
    private long beganMillis;
    private int calm;

    /**
     * @param mostWait of a task, above which there is overload; zero for a ladder that is never taken
     * @param replayAge from which on a wait says nothing
     */
    OverloadLadder(Duration mostWait, Duration replayAge) {
        this.mostWaitMillis = mostWait.toMillis();
        this.replayAgeMillis = replayAge.toMillis();
    }

    /** A task is about to be worked on. */
    void add(ScoringTask task, long nowMillis) {
        long wait = nowMillis - task.timeMillis;
        if (wait >= 0 && wait < replayAgeMillis) {
            waited++;
            waitedTooLong += wait > mostWaitMillis ? 1 : 0;
        }
    }

    /** Takes a step if it is time for one. */
    OverloadStep step(long nowMillis) {
        if (nowMillis - beganMillis >= INTERVAL_MILLIS && mostWaitMillis > 0) {
            beganMillis = nowMillis;
            boolean overloaded = waited > 0 && waited - waitedTooLong <= waited / CREDIBLE;
            waited = 0;
            waitedTooLong = 0;
            calm = overloaded ? 0 : calm + 1;
            if (overloaded) {
                step = step.next();
            } else if (calm >= CALM_INTERVALS) {
                step = step.before();
                calm = 0;
            }
        }
        return step;
    }

    /** Takes steps back where nothing has been asked for any more; to be called every few intervals. */
    void idle(long nowMillis) {
        if (nowMillis - beganMillis >= 2 * INTERVAL_MILLIS) {
            step(nowMillis);
        }
    }

    /** Stands on a step; one that is never taken stays there. */
    void hold(OverloadStep held) {
        step = held;
    }

    /** The step that was taken last. */
    OverloadStep step() {
        return step;
    }
}
