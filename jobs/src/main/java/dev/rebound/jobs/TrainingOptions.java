package dev.rebound.jobs;

import dev.rebound.operators.retraining.RetrainingSettings;
import dev.rebound.operators.retraining.TrainerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.ParameterTool;

/** The options of {@link ModelTrainingJob}: its own, and of {@link JobOptions} those of Kafka and the site. */
public final class TrainingOptions {
    private static final String SHADOW = "SHADOW";
    private static final String CANARY = "CANARY";

    public static final ConfigOption<String> MODEL = ConfigOptions.key("training.model")
            .stringType()
            .defaultValue("ranker")
            .withDescription("The model whose LIVE version is trained further.");
    public static final ConfigOption<Integer> SLICE_EXAMPLES = ConfigOptions.key("training.slice-examples")
            .intType()
            .defaultValue(50_000)
            .withDescription("Examples that close a slice, which is then trained on; about 500 bytes of state each, for"
                    + " the slices to replay as well.");
    public static final ConfigOption<Duration> INTERVAL = ConfigOptions.key("training.interval")
            .durationType()
            .defaultValue(Duration.ofHours(6))
            .withDescription("How long after its first example a slice closes that has fewer.");
    public static final ConfigOption<Integer> LEAST_EXAMPLES = ConfigOptions.key("training.least-examples")
            .intType()
            .defaultValue(5_000)
            .withDescription("Examples below which a slice waits beyond the interval.");
    public static final ConfigOption<Integer> REPLAY_SLICES = ConfigOptions.key("training.replay-slices")
            .intType()
            .defaultValue(3)
            .withDescription("Slices of before that are trained on again with each slice, so that the model does not "
                    + "forget them; 0 is none.");
    public static final ConfigOption<Double> COMPARED_SHARE = ConfigOptions.key("training.compared-share")
            .doubleType()
            .defaultValue(0.3)
            .withDescription(
                    "Share of a slice's lists, the newest ones, that are not trained on, since the new version "
                            + "and the LIVE one are compared on them; 0.05 to 0.9.");
    public static final ConfigOption<Double> LEAST_GAIN = ConfigOptions.key("training.least-gain")
            .doubleType()
            .defaultValue(0.0)
            .withDescription("What the lower end of the 95 % interval of the gain in NDCG@10 must exceed for the new "
                    + "version to be published.");
    public static final ConfigOption<String> RELEASE_STAGE = ConfigOptions.key("training.release-stage")
            .stringType()
            .defaultValue(SHADOW)
            .withDescription("The stage that a better version begins in: SHADOW or CANARY.");
    public static final ConfigOption<Double> CANARY_PERCENT = ConfigOptions.key("training.canary-percent")
            .doubleType()
            .defaultValue(5.0)
            .withDescription("Share of the users of such a CANARY, above 0 to 50.");
    public static final ConfigOption<MemorySize> HEAP = ConfigOptions.key("training.heap")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(1024))
            .withDescription("Heap of the trainer's JVM, which runs beside the TaskManager and in its container; "
                    + "libtorch takes about as much again.");
    public static final ConfigOption<Integer> THREADS = ConfigOptions.key("training.threads")
            .intType()
            .defaultValue(1)
            .withDescription("Cores that the trainer may take.");
    public static final ConfigOption<Duration> TIMEOUT = ConfigOptions.key("training.timeout")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("After how long a training is stopped and given up.");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Those of {@link JobOptions} that apply. */
    private static final List<ConfigOption<?>> SHARED = List.of(
            JobOptions.BOOTSTRAP_SERVERS,
            JobOptions.KAFKA_PROPERTIES,
            JobOptions.TOPIC_PREFIX,
            JobOptions.GROUP_ID,
            JobOptions.TRANSACTION_TIMEOUT,
            JobOptions.SITE_NAME,
            JobOptions.SITE_EPOCH,
            JobOptions.SINK_GENERATION,
            JobOptions.SOURCE_GENERATION,
            JobOptions.SOURCE_OFFSETS,
            JobOptions.MODEL_CACHE);

    private static final List<ConfigOption<?>> ALL = List.of(
            MODEL,
            SLICE_EXAMPLES,
            INTERVAL,
            LEAST_EXAMPLES,
            REPLAY_SLICES,
            COMPARED_SHARE,
            LEAST_GAIN,
            RELEASE_STAGE,
            CANARY_PERCENT,
            HEAP,
            THREADS,
            TIMEOUT);

    private final Configuration values;
    private final JobOptions shared;

    private TrainingOptions(Configuration values, JobOptions shared) {
        this.values = values;
        this.shared = shared;
    }

    /**
     * Reads and validates the command line.
     *
     * @throws IllegalArgumentException naming every option that is wrong, what it is and what it may be
     */
    public static TrainingOptions parse(String... args) {
        return of(ParameterTool.fromArgs(args).toMap());
    }

    private static TrainingOptions of(Map<String, String> given) {
        Map<String, String> ofJobs = new HashMap<>();
        ofJobs.put(JobOptions.GROUP_ID.key(), "rebound-" + ModelTrainingJob.NAME);
        List<String> errors = new ArrayList<>();
        given.forEach((key, value) -> {
            if (SHARED.stream().anyMatch(option -> option.key().equals(key))) {
                ofJobs.put(key, value);
            } else if (ALL.stream().noneMatch(option -> option.key().equals(key))) {
                errors.add("--" + key + " is not an option; see the list of options in docs/reference.md");
            }
        });
        Configuration values = Configuration.fromMap(given);
        for (ConfigOption<?> option : ALL) {
            JobOptions.check(values, option, errors);
        }
        if (errors.isEmpty()) {
            checkRanges(values, errors);
        }
        try {
            JobOptions shared = JobOptions.of(ofJobs);
            if (errors.isEmpty()) {
                return new TrainingOptions(values, shared);
            }
        } catch (IllegalArgumentException e) {
            errors.add(e.getMessage());
        }
        throw new IllegalArgumentException(String.join("\n", errors));
    }

    private static void checkRanges(Configuration values, List<String> errors) {
        if (!NAME.matcher(values.get(MODEL)).matches()) {
            errors.add("--training.model " + values.get(MODEL)
                    + ": only letters, digits, the hyphen, dot and underscore are allowed");
        }
        NumberRange.check(values, SLICE_EXAMPLES, 100, 10_000_000, errors);
        NumberRange.check(values, LEAST_EXAMPLES, 100, values.get(SLICE_EXAMPLES), errors);
        NumberRange.check(values, REPLAY_SLICES, 0, 100, errors);
        NumberRange.check(values, COMPARED_SHARE, 0.05, 0.9, errors);
        NumberRange.check(values, LEAST_GAIN, -1, 1, errors);
        NumberRange.check(values, CANARY_PERCENT, 0.01, 50, errors);
        NumberRange.check(values, THREADS, 1, 256, errors);
        if (!List.of(SHADOW, CANARY).contains(values.get(RELEASE_STAGE))) {
            errors.add("--training.release-stage " + values.get(RELEASE_STAGE) + " is neither SHADOW nor CANARY");
        }
        if (values.get(HEAP).compareTo(MemorySize.ofMebiBytes(128)) < 0) {
            errors.add("--training.heap " + values.get(HEAP) + " is less than 128 mb");
        }
        for (ConfigOption<Duration> option : List.of(INTERVAL, TIMEOUT)) {
            if (values.get(option).isZero() || values.get(option).isNegative()) {
                errors.add(
                        "--" + option.key() + " " + values.get(option) + " must be longer than nothing, such as 1 h");
            }
        }
    }

    /** Every option of its own, in the order of the reference. */
    public static List<ConfigOption<?>> all() {
        return ALL;
    }

    /** Of Kafka and the site. */
    JobOptions shared() {
        return shared;
    }

    /** What was given, and the group; for Flink's web page. */
    Map<String, String> toMap() {
        Map<String, String> all = new HashMap<>(shared.toMap());
        all.putAll(values.toMap());
        return all;
    }

    RetrainingSettings settings() {
        return new RetrainingSettings(
                values.get(MODEL),
                values.get(SLICE_EXAMPLES),
                values.get(INTERVAL),
                values.get(LEAST_EXAMPLES),
                values.get(REPLAY_SLICES),
                values.get(COMPARED_SHARE),
                values.get(LEAST_GAIN),
                values.get(RELEASE_STAGE).equals(CANARY) ? values.get(CANARY_PERCENT) : 0,
                shared.get(JobOptions.MODEL_CACHE));
    }

    TrainerProcess trainer() {
        return new TrainerProcess(values.get(HEAP).getMebiBytes() + "m", values.get(THREADS), values.get(TIMEOUT));
    }
}
