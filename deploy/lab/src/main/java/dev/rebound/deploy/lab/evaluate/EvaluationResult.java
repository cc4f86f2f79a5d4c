package dev.rebound.deploy.lab.evaluate;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.rebound.deploy.lab.evaluation.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param n how many choices or lists were predicted
 * @param metrics by recommender
 */
public record EvaluationResult(
        String dataset,
        Protocol protocol,
        long n,
        long seed,
        double seconds,
        int rejectedRows,
        Map<String, Row> metrics) {

    /**
     * One recommender's figures.
     *
     * @param values by metric
     * @param ci95 half the width of the 95 % confidence interval, by metric
     */
    public record Row(@JsonAnyGetter Map<String, Double> values, Map<String, Double> ci95) {}

    public static EvaluationResult of(EvaluationPlan plan, List<? extends Measured> scores, long seed, double seconds) {
        Map<String, Row> rows = new LinkedHashMap<>();
        scores.forEach(each -> rows.put(each.name(), new Row(each.metrics(), each.ci95())));
        return new EvaluationResult(
                plan.name(),
                plan.protocol(),
                scores.get(0).count(),
                seed,
                seconds,
                plan.events().rejected().size(),
                rows);
    }
}
