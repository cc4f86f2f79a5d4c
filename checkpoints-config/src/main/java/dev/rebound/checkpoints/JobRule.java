package dev.rebound.checkpoints;

import dev.rebound.checkpoints.Finding.Severity;
import java.util.stream.Stream;

/** What the job and the JVM that runs it must be like. */
enum JobRule implements SettingsRule {
    /** Without a uid, Flink derives one from the shape of the graph, and any change of it loses the state. */
    OPERATORS_HAVE_UIDS("uid") {
        @Override
        public Stream<Finding> check(CheckedSettings settings) {
            return settings.operatorsWithoutUid().stream()
                    .map(operator -> new Finding(
                            name(),
                            Severity.ERROR,
                            key(),
                            "missing on '" + operator + "'",
                            "one on every operator: its state is found by it after a change of the job",
                            ".uid(\"<stage name>\") on that operator"));
        }
    },

    /** Hadoop 3.4 fails on JDKs without the security manager, and DJL's native code is tested on these two. */
    JAVA_VERSION("JAVA_HOME") {
        @Override
        public Stream<Finding> check(CheckedSettings settings) {
            int version = settings.javaVersion();
            if (version == 17 || version == 21) {
                return Stream.empty();
            }
            return Stream.of(new Finding(
                    name(),
                    Severity.ERROR,
                    key(),
                    "a JDK " + version,
                    "17 or 21: Hadoop 3.4 fails on JDKs without the security manager",
                    "JAVA_HOME (or env.java.home) to a JDK 17"));
        }
    };

    private final String key;

    JobRule(String key) {
        this.key = key;
    }

    @Override
    public String key() {
        return key;
    }
}
