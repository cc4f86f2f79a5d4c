package dev.rebound.operators.scoring;

import java.util.BitSet;

/** Whether every subtask of a stage has sent all that it held when it started. */
final class FirstSending {
    private final BitSet subtasks = new BitSet();
    private boolean allSent;
    private boolean complete;

    /**
     * Takes the mark of one subtask.
     *
     * @return whether it is the one that was missing
     */
    boolean mark(int subtask, int ofSubtasks) {
        boolean before = complete;
        subtasks.set(subtask);
        allSent = subtasks.cardinality() == ofSubtasks;
        complete |= allSent;
        return complete && !before;
    }

    /** What is missing is not waited for any more. */
    void giveUp() {
        complete = true;
    }

    /** Whether nothing is missing, waited for or not. */
    boolean hasAllSent() {
        return allSent;
    }

    boolean isComplete() {
        return complete;
    }
}
