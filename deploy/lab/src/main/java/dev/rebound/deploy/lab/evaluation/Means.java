package dev.rebound.deploy.lab.evaluation;

import dev.rebound.operators.training.Mean;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Means by the names of what they measure, in the order in which they were first named. */
final class Means {
    private final Map<String, Mean> means = new LinkedHashMap<>();

    /** @param metrics first in the order, whatever comes first */
    Means(String... metrics) {
        for (String metric : metrics) {
            of(metric);
        }
    }

    void add(String metric, String userId, double sample) {
        of(metric).add(userId, sample);
    }

    private Mean of(String metric) {
        return means.computeIfAbsent(metric, key -> new Mean());
    }

    long count(String metric) {
        return of(metric).count();
    }

    /** Each mean of which there is a sample. */
    Map<String, Double> values() {
        return each(Mean::value);
    }

    /** Half the width of each mean's 95 % confidence interval. */
    Map<String, Double> halfWidths95() {
        return each(Mean::halfWidth95);
    }

    private Map<String, Double> each(ToDoubleFunction<Mean> part) {
        Map<String, Double> values = new LinkedHashMap<>();
        means.forEach((metric, mean) -> {
            double value = part.applyAsDouble(mean);
            if (!Double.isNaN(value)) {
                values.put(metric, value);
            }
        });
        return values;
    }
}
