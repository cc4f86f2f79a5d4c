package dev.rebound.deploy.ops.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fault did.
 *
 * @param number from 1, in the order of the campaign
 * @param checkpointAgeSeconds age of the newest checkpoint when it was injected: what had to be done again
 * @param detectSeconds from the injection until Flink said that tasks do not run or a checkpoint failed; null where it had no
 *     reason to
 * @param recoverSeconds from the injection to the first answer after the last silence of two seconds and more; 0 where answers
 *     never ceased
 * @param lost events and recommendations that are missing since
 * @param duplicated events counted again, and recommendations that came again, since
 * @param findings what the reconciliation found wrong
 * @param diagnosed what the doctor said; null where it was not asked
 */
record FaultReport(
        int number,
        String fault,
        double checkpointAgeSeconds,
        @Nullable Double detectSeconds,
        double recoverSeconds,
        long lost,
        long duplicated,
        List<String> findings,
        @Nullable Diagnosed diagnosed) {

    FaultReport {
        findings = List.copyOf(findings);
    }

    FaultReport(
            int number,
            String fault,
            double checkpointAgeSeconds,
            @Nullable Double detectSeconds,
            double recoverSeconds,
            long lost,
            long duplicated,
            List<String> findings) {
        this(number, fault, checkpointAgeSeconds, detectSeconds, recoverSeconds, lost, duplicated, findings, null);
    }

    /** The same, and what the doctor said of it. */
    FaultReport with(Diagnosed diagnosis) {
        return new FaultReport(
                number,
                fault,
                checkpointAgeSeconds,
                detectSeconds,
                recoverSeconds,
                lost,
                duplicated,
                findings,
                diagnosis);
    }

    boolean isRight() {
        return findings.isEmpty() && (diagnosed == null || diagnosed.right());
    }
}
