package dev.rebound.deploy.lab.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fault did.
 *
 * @param number from 1, in the order of the campaign
 * @param checkpointAgeSeconds age of the newest checkpoint when it was injected: what had to be done again
 * @param detectSeconds from the injection until Flink said that tasks do not run or a checkpoint failed; null where it had no
 *     reason to
 * @param answeredSeconds from the injection to the first answer to a request after the last silence of two seconds and more; 0
 *     where answers never ceased; null where the campaign ended before they came again
 * @param committedSeconds the same of the recommendations that a reader of committed records sees, who gets them with each
 *     checkpoint: a silence is one of one and a half intervals and two seconds
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
        @Nullable Double answeredSeconds,
        @Nullable Double committedSeconds,
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
            @Nullable Double answeredSeconds,
            @Nullable Double committedSeconds,
            long lost,
            long duplicated,
            List<String> findings) {
        this(
                number,
                fault,
                checkpointAgeSeconds,
                detectSeconds,
                answeredSeconds,
                committedSeconds,
                lost,
                duplicated,
                findings,
                null);
    }

    /** Of one that the job did not recover from: the campaign ended with it. */
    static FaultReport broken(int number, String fault, String why) {
        return new FaultReport(number, fault, 0, null, null, null, 0, 0, List.of("the campaign ended here: " + why));
    }

    /** The same, and what the doctor said of it. */
    FaultReport with(Diagnosed diagnosis) {
        return new FaultReport(
                number,
                fault,
                checkpointAgeSeconds,
                detectSeconds,
                answeredSeconds,
                committedSeconds,
                lost,
                duplicated,
                findings,
                diagnosis);
    }

    boolean isRight() {
        return findings.isEmpty() && (diagnosed == null || diagnosed.right());
    }
}
