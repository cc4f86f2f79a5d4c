package dev.rebound.deploy.site;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code site.yaml} says, field by field. Values that refer to secrets are as they stand there. */
public record SiteFile(
        String name,
        long epoch,
        KafkaPart kafka,
        TopicsPart topics,
        FlinkPart flink,
        FilesPart files,
        @Nullable String logs) {

    /**
     * @param properties of every client
     * @param propertiesFile the same in a file
     * @param jobPropertiesFile those of the jobs, where they are another user than who runs the commands
     */
    public record KafkaPart(
            @JsonProperty("bootstrap-servers") String bootstrapServers,
            Map<String, String> properties,
            @JsonProperty("properties-file") @Nullable String propertiesFile,
            @JsonProperty("job-properties-file") @Nullable String jobPropertiesFile) {

        @JsonCreator
        public KafkaPart(
                @JsonProperty(value = "bootstrap-servers", required = true) String bootstrapServers,
                @JsonProperty("properties") @Nullable Map<String, String> properties,
                @JsonProperty("properties-file") @Nullable String propertiesFile,
                @JsonProperty("job-properties-file") @Nullable String jobPropertiesFile) {
            this.bootstrapServers = bootstrapServers;
            this.properties = properties == null ? Map.of() : properties;
            this.propertiesFile = propertiesFile;
            this.jobPropertiesFile = jobPropertiesFile;
        }
    }

    /** See {@link TopicSettings}. */
    public record TopicsPart(String prefix, int partitions, short replication) {
        @JsonCreator
        public TopicsPart(
                @JsonProperty("prefix") @Nullable String prefix,
                @JsonProperty("partitions") @Nullable Integer partitions,
                @JsonProperty("replication") @Nullable Short replication) {
            this(
                    Objects.requireNonNullElse(prefix, "rebound."),
                    partitions == null ? TopicSettings.DEFAULT_PARTITIONS : partitions.intValue(),
                    replication == null ? TopicSettings.BROKERS_DEFAULT : replication.shortValue());
        }
    }

    /** How jobs get to the cluster. */
    public enum Deployment {
        /** A cluster that runs and takes jobs, as {@code flink run} uses. */
        SESSION
    }

    /** A key store file and its password. */
    public record StorePart(
            @JsonProperty(value = "file", required = true) String file,

            @JsonProperty(value = "password", required = true)
            String password) {}

    /** @param rest one address, or those of JobManagers that stand by for each other */
    public record FlinkPart(
            @JsonProperty(value = "rest", required = true) List<URI> rest,
            @Nullable Deployment deployment,
            @Nullable String user,
            @Nullable String password,
            @JsonProperty("trust-store") @Nullable StorePart trustStore,
            @JsonProperty("key-store") @Nullable StorePart keyStore) {}

    /**
     * @param root folder of jobs, jars and savepoints, and of the models unless the registry is elsewhere
     * @param backups where backups of the site are kept
     */
    public record FilesPart(
            @JsonProperty(value = "root", required = true) URI root,
            @Nullable URI registry,
            @Nullable URI backups,
            @JsonProperty("hadoop-conf-dir") @Nullable String hadoopConfDir,
            @Nullable String principal,
            @Nullable String keytab,
            @JsonProperty("krb5-conf") @Nullable String krb5Conf) {}

    @JsonCreator
    public SiteFile(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty("epoch") @Nullable Long epoch,
            @JsonProperty(value = "kafka", required = true) KafkaPart kafka,
            @JsonProperty("topics") @Nullable TopicsPart topics,
            @JsonProperty(value = "flink", required = true) FlinkPart flink,
            @JsonProperty(value = "files", required = true) FilesPart files,
            @JsonProperty("logs") @Nullable String logs) {
        this(
                name,
                epoch == null ? Site.FIRST_EPOCH : epoch.longValue(),
                kafka,
                topics == null ? new TopicsPart(null, null, null) : topics,
                flink,
                files,
                logs);
    }

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    /**
     * Reads one.
     *
     * @throws CommandFailedException naming the file and the field, if something is missing, unknown or of another kind
     */
    public static SiteFile read(Path file) {
        if (!Files.isReadable(file)) {
            throw new CommandFailedException("There is no site file " + file.toAbsolutePath()
                    + " that this user may read. Write one with: rebound site init " + file);
        }
        try {
            SiteFile site = YAML.readValue(file.toFile(), SiteFile.class);
            List<String> errors = site.errors();
            if (!errors.isEmpty()) {
                throw new CommandFailedException(file + ": " + String.join("; ", errors));
            }
            return site;
        } catch (UnrecognizedPropertyException e) {
            throw new CommandFailedException(
                    file + ": " + path(e) + " is no setting of a site; there are " + e.getKnownPropertyIds(), e);
        } catch (JsonMappingException e) {
            throw new CommandFailedException(
                    file + ": " + (path(e).isEmpty() ? "" : path(e) + ": ") + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(file + " is no YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(each -> each.getFieldName() == null ? "[" + each.getIndex() + "]" : each.getFieldName())
                .collect(Collectors.joining("."));
    }

    private List<String> errors() {
        List<String> errors = new ArrayList<>();
        if (!name.matches("[a-z0-9][a-z0-9-]*")) {
            errors.add("name " + name + ": only a-z, 0-9 and the hyphen are allowed");
        }
        if (epoch < Site.FIRST_EPOCH) {
            errors.add("epoch " + epoch + " is below " + Site.FIRST_EPOCH);
        }
        if (kafka.bootstrapServers().isBlank()) {
            errors.add("kafka.bootstrap-servers is empty: give the brokers, such as broker1:9092,broker2:9092");
        }
        if (topics.partitions() < 1) {
            errors.add("topics.partitions " + topics.partitions() + " is below 1");
        }
        if (flink.rest().isEmpty()) {
            errors.add("flink.rest is empty: give the address of the JobManager, such as http://jobmanager:8081");
        }
        flink.rest().stream()
                .filter(each -> each.getHost() == null || each.getScheme() == null)
                .forEach(each -> errors.add("flink.rest " + each + " is no address such as http://jobmanager:8081"));
        if ((flink.user() == null) != (flink.password() == null)) {
            errors.add("flink.user and flink.password belong together");
        }
        if (files.root().getScheme() == null) {
            errors.add("files.root " + files.root() + " does not say on which file system: hdfs://NAMESERVICE/FOLDER");
        }
        if (files.backups() != null && files.backups().getScheme() == null) {
            errors.add("files.backups " + files.backups() + " does not say on which file system: hdfs://OTHER/FOLDER");
        }
        if ((files.principal() == null) != (files.keytab() == null)) {
            errors.add("files.principal and files.keytab belong together");
        }
        return errors;
    }
}
