package dev.rebound.deploy.lab.bench;

import dev.rebound.operators.scoring.HeldScoring;
import dev.rebound.operators.scoring.OverloadStep;
import dev.rebound.operators.user.ScoringTask;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Has the same users answered at each step of the overload ladder, in turns, and measures what a user costs. */
public final class OverloadBench {
    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 20;
    private static final int DIGITS = 3;

    private final HeldScoring scoring;
    private final List<List<ScoringTask>> known;
    private final List<List<ScoringTask>> strangers;
    private final long nowMillis;

    /**
     * @param known batches of users whose last lists are known where they are asked for
     * @param strangers batches of users who are only asked for at the last step, where they get what is popular
     */
    public OverloadBench(
            HeldScoring scoring, List<List<ScoringTask>> known, List<List<ScoringTask>> strangers, long nowMillis) {
        this.scoring = scoring;
        this.known = known;
        this.strangers = strangers;
        this.nowMillis = nowMillis;
    }

    /**
     * What a step costs.
     *
     * @param microsPerUser of the scoring thread: the median over batches
     * @param share of what is done without overload
     */
    public record StepCost(String step, double microsPerUser, double share) {}

    /** In the order of the steps. */
    public List<StepCost> measure() {
        Map<OverloadStep, Histogram> nanosPerUser = new EnumMap<>(OverloadStep.class);
        for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
            if (round == WARM_UP_ROUNDS) {
                nanosPerUser.clear();
            }
            // In turns, so that whatever else the machine does falls on all of them. The first one leaves the last
            // lists.
            for (OverloadStep step : OverloadStep.values()) {
                answer(step, nanosPerUser.computeIfAbsent(step, any -> new Histogram(DIGITS)));
            }
        }
        double full = micros(nanosPerUser.get(OverloadStep.FULL));
        List<StepCost> costs = new ArrayList<>();
        nanosPerUser.forEach((step, nanos) ->
                costs.add(new StepCost(step.name().toLowerCase(Locale.ROOT), micros(nanos), micros(nanos) / full)));
        return costs;
    }

    private void answer(OverloadStep step, Histogram nanosPerUser) {
        for (List<ScoringTask> batch : step == OverloadStep.TRENDING ? strangers : known) {
            long start = System.nanoTime();
            scoring.answer(batch, step, nowMillis);
            nanosPerUser.recordValue((System.nanoTime() - start) / batch.size());
        }
    }

    private static double micros(Histogram nanos) {
        return nanos.getValueAtPercentile(50) / 1e3;
    }
}
