package dev.rebound.jobs;

import dev.rebound.checkpoints.KafkaTransactionSettings;
import dev.rebound.operators.ingest.Pseudonyms;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.ranking.PolicySettings;
import dev.rebound.operators.release.ModelLimits;
import dev.rebound.operators.release.ModelLoader;
import dev.rebound.operators.release.guard.GuardSettings;
import dev.rebound.operators.scoring.ScoringSettings;
import dev.rebound.operators.user.UserFeatures;
import dev.rebound.schemas.Topic;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.util.ParameterTool;
import org.jspecify.annotations.Nullable;

/** The options of a job, given as {@code --key value} and validated together. */
public final class JobOptions implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final ConfigOption<String> BOOTSTRAP_SERVERS = ConfigOptions.key("kafka.bootstrap-servers")
            .stringType()
            .noDefaultValue()
            .withDescription("Kafka brokers, host:port separated by commas.");
    public static final ConfigOption<String> KAFKA_PROPERTIES = ConfigOptions.key("kafka.properties-file")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "File of Kafka client properties, such as those of SASL and TLS, for every source, sink and "
                            + "admin client of the job. It is read where the job is submitted and becomes part of the job; a "
                            + "secret does not if it is written as ${file:PATH:KEY}, ${env:NAME} or ${dir:FOLDER:FILE}, which "
                            + "every JobManager and TaskManager looks up itself.");
    public static final ConfigOption<String> TOPIC_PREFIX = ConfigOptions.key("kafka.topic-prefix")
            .stringType()
            .defaultValue(Topic.DEFAULT_PREFIX)
            .withDescription("What stands before every topic's name.");
    public static final ConfigOption<String> GROUP_ID = ConfigOptions.key("kafka.group-id")
            .stringType()
            .defaultValue("rebound")
            .withDescription("Consumer group that shows progress; the truth is in the checkpoint.");
    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = ConfigOptions.key("kafka.transaction-timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(55))
            .withDescription("When the broker gives up a transaction. Longer than any outage that must not lose data, "
                    + "and at most the broker's transaction.max.timeout.ms.");
    public static final ConfigOption<DeliveryGuarantee> DELIVERY_GUARANTEE = ConfigOptions.key(
                    "kafka.delivery-guarantee")
            .enumType(DeliveryGuarantee.class)
            .defaultValue(DeliveryGuarantee.EXACTLY_ONCE)
            .withDescription("exactly-once: outputs become visible with the checkpoint, each once. at-least-once: at "
                    + "once, and after a failure again.");
    public static final ConfigOption<String> SITE_NAME = ConfigOptions.key("site.name")
            .stringType()
            .defaultValue("main")
            .withDescription("Names this site in transactional ids: a-z, 0-9 and the hyphen.");
    public static final ConfigOption<Long> SITE_EPOCH = ConfigOptions.key("site.epoch")
            .longType()
            .defaultValue(1L)
            .withDescription("Marks every output; raised by each take-over.");
    public static final ConfigOption<Integer> SINK_GENERATION = ConfigOptions.key("sink.generation")
            .intType()
            .defaultValue(0)
            .withDescription(
                    "Part of the sinks' uids and transactional ids. `rebound job rollback` raises it, so that the"
                            + " sinks begin anew.");
    public static final ConfigOption<Integer> SOURCE_GENERATION = ConfigOptions.key("source.generation")
            .intType()
            .defaultValue(0)
            .withDescription(
                    "Part of the sources' uids. A job that goes on from its state on another site, where offsets"
                            + " differ, raises it, so that the sources begin anew, with source.offsets.");
    public static final ConfigOption<String> SOURCE_OFFSETS = ConfigOptions.key("source.offsets")
            .stringType()
            .defaultValue("")
            .withDescription(
                    "Where sources begin that have no state, as topic:partition=offset,partition=offset;topic:...,"
                            + " topics without their prefix. Partitions that are not named begin at their beginning; an offset"
                            + " that is not there ends the job.");
    public static final ConfigOption<String> WRITTEN_BEFORE = ConfigOptions.key("output.written-before")
            .stringType()
            .defaultValue("")
            .withDescription(
                    "File with the ids, 8 bytes each, big-endian, of outputs that another site's job wrote after"
                            + " the state that this one goes on from; they are not written again. Of recommendations, training"
                            + " examples and dead letters; it must stay as long as the job has the option.");
    public static final ConfigOption<Boolean> REHEARSAL = ConfigOptions.key("output.rehearsal")
            .booleanType()
            .defaultValue(false)
            .withDescription("Throws all outputs away. `rebound dr standby` tries with it whether the job could go on"
                    + " from a copied state; it is called " + RecommendationJob.REHEARSAL_NAME + " then.");
    public static final ConfigOption<Duration> OUT_OF_ORDERNESS = ConfigOptions.key("events.out-of-orderness")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How far behind the newest event of its partition an event may be without being late.");
    public static final ConfigOption<Duration> IDLENESS = ConfigOptions.key("events.idleness")
            .durationType()
            .defaultValue(Duration.ofSeconds(10))
            .withDescription("After how long without events a partition no longer holds back the watermark.");
    public static final ConfigOption<Duration> DEDUP_WINDOW = ConfigOptions.key("dedup.window")
            .durationType()
            .defaultValue(Duration.ofHours(6))
            .withDescription(
                    "How long event ids are remembered, in the user's event time; the latest 32 of a user always are.");
    public static final ConfigOption<Duration> USER_TTL = ConfigOptions.key("user.state-ttl")
            .durationType()
            .defaultValue(Duration.ofDays(180))
            .withDescription("How long a user is kept after the last event.");
    public static final ConfigOption<Duration> MIN_INTERVAL = ConfigOptions.key("recommendation.min-interval")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("Least event time between two events of a user that cause a recommendation. "
                    + "Requests are always answered.");
    public static final ConfigOption<Integer> COUNT = ConfigOptions.key("recommendation.count")
            .intType()
            .defaultValue(10)
            .withDescription("Items in a recommendation that an event caused.");
    public static final ConfigOption<Double> EXPOSURE_FLOOR = ConfigOptions.key("campaigns.exposure-floor")
            .doubleType()
            .defaultValue(0.1)
            .withDescription("Part of an even share of exposure that each campaign is to have, 0 to 1: one that lacks a"
                    + " whole showing takes one of the last places. 0 ranks campaigns by value alone.");
    public static final ConfigOption<Duration> ITEM_INTERVAL = ConfigOptions.key("items.broadcast-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("How long changes of an item are gathered before the scoring tasks get them.");
    public static final ConfigOption<Duration> SESSION_TTL = ConfigOptions.key("sessions.ttl")
            .durationType()
            .defaultValue(Duration.ofDays(7))
            .withDescription("How long a session may be found as one like a user's, after its last event.");
    public static final ConfigOption<Duration> FEEDBACK_WINDOW = ConfigOptions.key("feedback.window")
            .durationType()
            .defaultValue(Duration.ofMinutes(30))
            .withDescription("How long after its request, in event time, what a user does with an answer becomes the "
                    + "labels of its training examples.");
    public static final ConfigOption<Boolean> FEEDBACK_IMPRESSIONS = ConfigOptions.key("feedback.impressions")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether the shop sends IMPRESSION events with their requestId. If not, every item of an "
                    + "answer counts as seen.");
    public static final ConfigOption<String> PSEUDONYM_KEY_FILE = ConfigOptions.key("privacy.pseudonym-key-file")
            .stringType()
            .noDefaultValue()
            .withDescription("File with a secret key, on every TaskManager. Where it is set, user ids are replaced by "
                    + "their keyed hash as they are read, so that state, topics and logs hold pseudonyms only.");
    public static final ConfigOption<String> DEVICE = ConfigOptions.key("scoring.device")
            .stringType()
            .defaultValue("auto")
            .withDescription("auto, cpu or gpu. gpu fails where there is none; auto falls back and says so.");
    public static final ConfigOption<String> MODEL_CACHE = ConfigOptions.key("model.cache-dir")
            .stringType()
            .noDefaultValue()
            .withDescription("Local folder for the newest eight model packages, so that a rollback needs no registry; "
                    + "rebound-models-USER in the JVM's temporary folder unless set. Made with mode 700; one that other "
                    + "users can write is not used.");
    public static final ConfigOption<Duration> MODEL_LATENCY = ConfigOptions.key("model.max-batch-latency")
            .durationType()
            .defaultValue(ModelLimits.DEFAULT.batchLatency())
            .withDescription("A model that takes longer for a full batch is refused.");
    public static final ConfigOption<MemorySize> MODEL_MEMORY = ConfigOptions.key("model.max-memory")
            .memoryType()
            .defaultValue(new MemorySize(ModelLimits.DEFAULT.memoryBytes()))
            .withDescription("A model with which the process grows by more is refused.");
    public static final ConfigOption<String> TRUSTED_KEYS = ConfigOptions.key("model.trusted-keys-dir")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "Folder with public Ed25519 keys (*.pub), on every TaskManager. Where it is set, only model "
                            + "packages that one of them has signed are loaded.");

    public static final ConfigOption<Long> RELEASES_SINCE = ConfigOptions.key("model.releases-since")
            .longType()
            .defaultValue(0L)
            .withDescription(
                    "Model releases that were issued before, in milliseconds since 1970, are ignored; those in the"
                            + " state that the job begins with are not. `rebound job rollback` sets it.");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final int MOST_GENERATIONS = 1_000_000;
    private static final long MOST_EPOCHS = 1_000_000_000_000L;
    private static final List<String> DEVICES = List.of("auto", "cpu", "gpu");
    private static final List<ConfigOption<?>> ALL = List.of(
            BOOTSTRAP_SERVERS,
            KAFKA_PROPERTIES,
            TOPIC_PREFIX,
            GROUP_ID,
            TRANSACTION_TIMEOUT,
            DELIVERY_GUARANTEE,
            SITE_NAME,
            SITE_EPOCH,
            SINK_GENERATION,
            SOURCE_GENERATION,
            SOURCE_OFFSETS,
            WRITTEN_BEFORE,
            REHEARSAL,
            OUT_OF_ORDERNESS,
            IDLENESS,
            DEDUP_WINDOW,
            USER_TTL,
            MIN_INTERVAL,
            COUNT,
            PolicyOptions.DIVERSITY,
            PolicyOptions.MAX_PER_CATEGORY,
            PolicyOptions.NEW_ITEM,
            PolicyOptions.SHOWN_CAP,
            PolicyOptions.SHOWN_WINDOW,
            PolicyOptions.EXPLORATION,
            PolicyOptions.EXCLUDE,
            PolicyOptions.BOOST,
            PolicyOptions.PIN,
            PolicyOptions.MIN_PRICE,
            PolicyOptions.MAX_PER_BRAND,
            EXPOSURE_FLOOR,
            ITEM_INTERVAL,
            SESSION_TTL,
            FEEDBACK_WINDOW,
            FEEDBACK_IMPRESSIONS,
            GuardOptions.ATTRIBUTION_WINDOW,
            GuardOptions.ALPHA,
            GuardOptions.MIN_IMPRESSIONS,
            GuardOptions.MAX_FAILURE_RATE,
            GuardOptions.MAX_LATENCY_FACTOR,
            GuardOptions.MAX_SCORE_DRIFT,
            GuardOptions.PROMOTE,
            GuardOptions.REPORT_INTERVAL,
            PSEUDONYM_KEY_FILE,
            ScoringOptions.BATCH_SIZE,
            ScoringOptions.MAX_DELAY,
            ScoringOptions.CANDIDATES,
            ScoringOptions.MOST_WAIT,
            ScoringOptions.REPLAY_AGE,
            DEVICE,
            MODEL_CACHE,
            TRUSTED_KEYS,
            MODEL_LATENCY,
            MODEL_MEMORY,
            ScoringOptions.SHADOW_COST,
            RELEASES_SINCE);

    private final Configuration values;

    private JobOptions(Configuration values) {
        this.values = values;
    }

    /**
     * Reads and validates the command line.
     *
     * @throws IllegalArgumentException naming every option that is wrong, what it is and what it may be
     */
    public static JobOptions parse(String... args) {
        return of(ParameterTool.fromArgs(args).toMap());
    }

    /** Reads and validates options by key. */
    public static JobOptions of(Map<String, String> values) {
        JobOptions options = new JobOptions(Configuration.fromMap(values));
        List<String> errors = new ArrayList<>();
        for (String key : values.keySet()) {
            if (ALL.stream().noneMatch(option -> option.key().equals(key))) {
                errors.add("--" + key + " is not an option; see the list of options in docs/reference.md");
            }
        }
        for (ConfigOption<?> option : ALL) {
            check(options.values, option, errors);
        }
        if (errors.isEmpty()) {
            options.checkRanges(errors);
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", errors));
        }
        return options;
    }

    /** Every option, in the order of the reference. */
    public static List<ConfigOption<?>> all() {
        return ALL;
    }

    /** Adds an error where the value of an option is of another type. */
    static void check(Configuration values, ConfigOption<?> option, List<String> errors) {
        try {
            values.get(option);
        } catch (IllegalArgumentException e) {
            errors.add("--" + option.key() + " " + values.toMap().get(option.key()) + " cannot be read: "
                    + option.description().toString());
        }
    }

    private void checkRanges(List<String> errors) {
        if (given(BOOTSTRAP_SERVERS) == null && given(KAFKA_PROPERTIES) == null) {
            errors.add("--kafka.bootstrap-servers is missing: give the brokers, such as broker1:9092,broker2:9092");
        }
        if (!NAME.matcher(get(SITE_NAME)).matches()) {
            errors.add("--site.name " + get(SITE_NAME) + ": only a-z, 0-9 and the hyphen are allowed");
        }
        if (!DEVICES.contains(get(DEVICE))) {
            errors.add("--scoring.device " + get(DEVICE) + " is none of " + DEVICES);
        }
        if (get(DELIVERY_GUARANTEE) == DeliveryGuarantee.NONE) {
            errors.add("--kafka.delivery-guarantee none would lose records: give exactly-once or at-least-once");
        }
        NumberRange.check(values, COUNT, 1, 100, errors);
        NumberRange.check(values, SITE_EPOCH, 1, MOST_EPOCHS, errors);
        NumberRange.check(values, SINK_GENERATION, 0, MOST_GENERATIONS, errors);
        NumberRange.check(values, SOURCE_GENERATION, 0, MOST_GENERATIONS, errors);
        try {
            startingOffsets();
        } catch (IllegalArgumentException e) {
            errors.add("--source.offsets: " + e.getMessage());
        }
        PolicyOptions.check(values, errors);
        GuardOptions.check(values, errors);
        ScoringOptions.check(values, errors);
        NumberRange.check(values, EXPOSURE_FLOOR, 0, 1, errors);
        for (ConfigOption<Duration> option : List.of(
                MODEL_LATENCY,
                DEDUP_WINDOW,
                USER_TTL,
                ITEM_INTERVAL,
                SESSION_TTL,
                FEEDBACK_WINDOW,
                TRANSACTION_TIMEOUT)) {
            if (get(option).isZero() || get(option).isNegative()) {
                errors.add("--" + option.key() + " " + get(option) + " must be longer than nothing, such as 10 s");
            }
        }
    }

    /** What was given, by key; {@link #of} reads it again. */
    public Map<String, String> toMap() {
        return values.toMap();
    }

    public <T> T get(ConfigOption<T> option) {
        return values.get(option);
    }

    private @Nullable String given(ConfigOption<String> option) {
        return values.getOptional(option).filter(value -> !value.isBlank()).orElse(null);
    }

    /**
     * How Kafka is reached; reads the file of {@link #KAFKA_PROPERTIES} each time.
     *
     * @throws IllegalArgumentException naming all that is wrong with the file
     */
    public KafkaProperties kafka() {
        return KafkaProperties.of(given(BOOTSTRAP_SERVERS), given(KAFKA_PROPERTIES));
    }

    /** How users' features change. */
    public UserFeatures userFeatures() {
        return new UserFeatures(get(DEDUP_WINDOW), get(MIN_INTERVAL));
    }

    /** By which names users are known. */
    public Pseudonyms pseudonyms() {
        return Pseudonyms.keyedBy(values.getOptional(PSEUDONYM_KEY_FILE).orElse(null));
    }

    /** How released models are loaded. */
    public ModelOpener models() {
        return models(DjlRankingModel::new);
    }

    /** How released models are loaded that serve in a way of their own. */
    public ModelOpener models(ModelLoader.Serving serving) {
        return new ModelLoader(
                values.getOptional(MODEL_CACHE).orElse(null),
                DeviceChoice.parse(get(DEVICE)),
                values.getOptional(TRUSTED_KEYS).orElse(null),
                new ModelLimits(get(MODEL_LATENCY), get(MODEL_MEMORY).getBytes()),
                serving);
    }

    /** How sinks write in transactions. */
    public KafkaTransactionSettings transactions() {
        Duration outage = KafkaTransactionSettings.forSite(get(SITE_NAME)).toleratedOutage();
        return new KafkaTransactionSettings(get(SITE_NAME), get(TRANSACTION_TIMEOUT), outage);
    }

    /** How sinks are named. */
    public SinkNames sinkNames() {
        return new SinkNames(get(SINK_GENERATION));
    }

    /** How sources are named. */
    public SourceNames sourceNames() {
        return new SourceNames(get(SOURCE_GENERATION));
    }

    /** Where sources begin that have no state. */
    StartingOffsets startingOffsets() {
        return StartingOffsets.parse(get(SOURCE_OFFSETS));
    }

    /** How scoring is done. */
    public ScoringSettings scoring() {
        return ScoringOptions.settings(values);
    }

    /** When a canary is rolled back or promoted. */
    public GuardSettings guard() {
        return GuardOptions.settings(values);
    }

    /** What is shown of what was scored. */
    public PolicySettings policy() {
        return PolicyOptions.settings(values);
    }
}
