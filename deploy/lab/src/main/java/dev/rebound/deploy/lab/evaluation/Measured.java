package dev.rebound.deploy.lab.evaluation;

import java.util.Map;

/** What was measured of one recommender. */
public interface Measured {
    /** The recommender. */
    String name();

    /** How many choices or lists were predicted. */
    long count();

    /** Values by name of the measure. */
    Map<String, Double> metrics();

    /** Half the width of the 95 % confidence interval, by name of the measure. */
    Map<String, Double> ci95();
}
