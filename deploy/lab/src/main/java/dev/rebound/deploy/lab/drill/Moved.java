package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.lab.drill.DrillReport.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A job that goes on elsewhere.
 *
 * @param rtoSeconds between the last output of the one site, or its loss, and the first committed one of the other
 */
record Moved(String jobId, double rtoSeconds, List<Step> steps) {

    /** The steps in the answer of a command. */
    static List<Step> steps(JsonNode report) {
        List<Step> steps = new ArrayList<>();
        report.path("steps")
                .forEach(step -> steps.add(new Step(
                        step.path("name").asText(), step.path("seconds").asDouble())));
        return steps;
    }
}
