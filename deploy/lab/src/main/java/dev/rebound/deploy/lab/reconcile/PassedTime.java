package dev.rebound.deploy.lab.reconcile;

/**
 * How far event time had come for the job when it was asked. What was due by then has been written, and is committed a checkpoint
 * later.
 *
 * @param watermarkMillis of the stage that makes training examples; Long.MIN_VALUE where none is known, as after a start until
 *     input comes
 * @param askedMillis by the clock
 */
record PassedTime(long watermarkMillis, long askedMillis) {
    static final PassedTime UNKNOWN = new PassedTime(Long.MIN_VALUE, Long.MIN_VALUE);

    /** Less, where the job has been started anew since: it does again what was not committed, once time passes again. */
    PassedTime orLess(PassedTime since) {
        return since.watermarkMillis < watermarkMillis ? since : this;
    }
}
