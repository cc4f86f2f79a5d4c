package dev.rebound.deploy.ops.evaluate;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param n how many events or lists were foreseen
 * @param metrics by recommender
 */
record EvaluationResult(String dataset, Protocol protocol, long n, double seconds, Map<String, Row> metrics) {

    /**
     * One recommender's figures.
     *
     * @param values by metric
     * @param ci95 half the width of the 95 % confidence interval, by metric
     */
    record Row(@JsonAnyGetter Map<String, Double> values, Map<String, Double> ci95) {}
}
