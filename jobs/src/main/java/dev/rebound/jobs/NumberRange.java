package dev.rebound.jobs;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** What numbers an option may have. */
final class NumberRange {
    private NumberRange() {}

    /** Adds an error where a value is below the least or above the most, or no number at all. */
    static <T extends Number> void check(
            Configuration values, ConfigOption<T> option, Number least, Number most, List<String> errors) {
        double value = values.get(option).doubleValue();
        if (!(value >= least.doubleValue() && value <= most.doubleValue())) {
            errors.add("--" + option.key() + " " + values.get(option) + " is not between " + least + " and " + most);
        }
    }
}
