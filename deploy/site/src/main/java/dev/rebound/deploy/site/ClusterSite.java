package dev.rebound.deploy.site;

import dev.rebound.checkpoints.FlinkSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.jspecify.annotations.Nullable;

/** A site on clusters of others, as its file describes it. Secrets are looked up when they are needed. */
public final class ClusterSite implements Site {
    private final SiteFile file;
    private final StackLayout layout;
    private final Path scratch;
    private final KafkaCluster kafka;
    private final FlinkAccess access;
    private final FlinkCluster flink;
    private final SiteFiles files;

    /**
     * @param layout where the libraries of clients are
     * @throws CommandFailedException if a secret that the file refers to is not there
     */
    public ClusterSite(SiteFile file, StackLayout layout) {
        this.file = file;
        this.layout = layout;
        this.scratch = layout.var().resolve("sites").resolve(file.name());
        this.kafka = new KafkaCluster(file.kafka().bootstrapServers(), kafkaProperties(file.kafka()));
        this.access = access(file.flink());
        FlinkRest rest = new FlinkRest(access);
        this.flink = new FlinkCluster(
                rest, new FlinkCommandLine(this::client), () -> Configuration.fromMap(rest.settings()));
        this.files = new SiteFiles(
                file.files().root(),
                file.files().registry() == null
                        ? URI.create(withoutSlash(file.files().root()) + "/models")
                        : file.files().registry(),
                this::hadoop,
                login(file.files()));
    }

    private static String withoutSlash(URI folder) {
        String text = folder.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static Map<String, String> kafkaProperties(SiteFile.KafkaPart kafka) {
        Map<String, String> properties = new HashMap<>();
        if (kafka.propertiesFile() != null) {
            Path source = Path.of(kafka.propertiesFile());
            if (!Files.isReadable(source)) {
                throw new CommandFailedException(
                        "kafka.properties-file of the site: there is no file " + source + " that this user may read");
            }
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(source)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandFailedException(
                        "kafka.properties-file of the site: " + source + " is no file of properties: "
                                + InnermostCause.of(e),
                        e);
            }
            read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key)));
        }
        properties.putAll(kafka.properties());
        properties.replaceAll((key, value) -> Secrets.resolved("kafka property " + key, value));
        return properties;
    }

    private static FlinkAccess access(SiteFile.FlinkPart flink) {
        return new FlinkAccess(
                flink.rest(),
                store("flink.trust-store", flink.trustStore()),
                store("flink.key-store", flink.keyStore()),
                flink.user() == null || flink.password() == null
                        ? null
                        : new FlinkAccess.Login(
                                Secrets.resolved("flink.user", flink.user()),
                                Secrets.resolved("flink.password", flink.password())));
    }

    private static FlinkAccess.@Nullable Store store(String setting, SiteFile.@Nullable StorePart store) {
        return store == null
                ? null
                : new FlinkAccess.Store(
                        Path.of(store.file()), Secrets.resolved(setting + ".password", store.password()));
    }

    private static @Nullable KerberosLogin login(SiteFile.FilesPart files) {
        return files.principal() == null || files.keytab() == null
                ? null
                : new KerberosLogin(
                        files.principal(),
                        Path.of(files.keytab()),
                        files.krb5Conf() == null ? null : Path.of(files.krb5Conf()));
    }

    private org.apache.hadoop.conf.Configuration hadoop() {
        org.apache.hadoop.conf.Configuration settings = new org.apache.hadoop.conf.Configuration(false);
        if (file.files().hadoopConfDir() != null) {
            Path folder = Path.of(file.files().hadoopConfDir());
            for (String name : List.of("core-site.xml", "hdfs-site.xml")) {
                Path source = folder.resolve(name);
                if (!Files.isReadable(source)) {
                    throw new CommandFailedException("files.hadoop-conf-dir of the site: there is no file " + source
                            + " that this user may read");
                }
                settings.addResource(new org.apache.hadoop.fs.Path(source.toUri()));
            }
        }
        return settings;
    }

    /** Its settings hold passwords: they are written where only this user reads, and go with this process. */
    private ClientJvm client() {
        try {
            Path folder = Files.createTempDirectory(
                    "rebound-flink-client-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FlinkSettings.write(clientSettings(), folder.resolve(FlinkSettings.FILE_NAME));
            folder.toFile().deleteOnExit();
            folder.resolve(FlinkSettings.FILE_NAME).toFile().deleteOnExit();
            return new ClientJvm(layout, clientFlags(), clientEnvironment(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the settings of Flink's client", e);
        }
    }

    private List<String> clientFlags() throws IOException {
        List<String> flags = new ArrayList<>(ClientJvm.SHORT_LIVED);
        flags.addAll(JvmCommand.OPENS);
        Files.createDirectories(scratch);
        flags.addAll(JvmCommand.logFlags(layout, scratch.resolve("flink-client.log")));
        if (file.files().krb5Conf() != null) {
            flags.add("-Djava.security.krb5.conf=" + file.files().krb5Conf());
        }
        return flags;
    }

    private Map<String, String> clientEnvironment(Path settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "FLINK_CONF_DIR", settings.toString(),
                "FLINK_LIB_DIR", layout.home().resolve("lib/flink").toString(),
                "FLINK_PLUGINS_DIR", layout.home().resolve("plugins").toString()));
        if (file.files().hadoopConfDir() != null) {
            environment.put("HADOOP_CONF_DIR", file.files().hadoopConfDir());
        }
        access.authorization()
                .ifPresent(value -> environment.put("FLINK_REST_CLIENT_HEADERS", "Authorization:" + value));
        return environment;
    }

    private Configuration clientSettings() {
        URI address = flink.rest().address();
        Configuration settings = JobSettings.of(flink.rest().settings());
        settings.setString("execution.target", "remote");
        settings.set(RestOptions.ADDRESS, address.getHost());
        settings.set(RestOptions.PORT, address.getPort() > 0 ? address.getPort() : defaultPort(address));
        if ("https".equalsIgnoreCase(address.getScheme())) {
            settings.set(SecurityOptions.SSL_REST_ENABLED, true);
        }
        if (access.trustStore() != null) {
            settings.set(
                    SecurityOptions.SSL_REST_TRUSTSTORE,
                    access.trustStore().file().toString());
            settings.set(
                    SecurityOptions.SSL_REST_TRUSTSTORE_PASSWORD,
                    access.trustStore().password());
        }
        if (access.keyStore() != null) {
            settings.set(SecurityOptions.SSL_REST_AUTHENTICATION_ENABLED, true);
            settings.set(
                    SecurityOptions.SSL_REST_KEYSTORE, access.keyStore().file().toString());
            settings.set(
                    SecurityOptions.SSL_REST_KEYSTORE_PASSWORD,
                    access.keyStore().password());
            settings.set(
                    SecurityOptions.SSL_REST_KEY_PASSWORD, access.keyStore().password());
        }
        if (file.files().principal() != null) {
            settings.set(SecurityOptions.KERBEROS_LOGIN_PRINCIPAL, file.files().principal());
            settings.set(SecurityOptions.KERBEROS_LOGIN_KEYTAB, file.files().keytab());
        }
        return settings;
    }

    private static int defaultPort(URI address) {
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public long epoch() {
        return file.epoch();
    }

    @Override
    public KafkaCluster kafka() {
        return kafka;
    }

    @Override
    public Map<String, String> jobKafkaOptions() {
        Map<String, String> options = new HashMap<>();
        options.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        String properties = file.kafka().jobPropertiesFile() != null
                ? file.kafka().jobPropertiesFile()
                : file.kafka().propertiesFile();
        if (properties != null) {
            options.put("kafka.properties-file", properties);
        } else if (!file.kafka().properties().isEmpty()) {
            throw new CommandFailedException(
                    "The site " + name() + " has kafka.properties but no file of them for its jobs,"
                            + " which read them where they are submitted: put them into a file, with references for secrets, and"
                            + " name it in kafka.properties-file or kafka.job-properties-file");
        }
        return options;
    }

    @Override
    public TopicSettings topics() {
        return new TopicSettings(
                file.topics().prefix(),
                file.topics().partitions(),
                file.topics().replication());
    }

    @Override
    public FlinkCluster flink() {
        return flink;
    }

    @Override
    public SiteFiles files() {
        return files;
    }

    @Override
    public Optional<URI> backups() {
        return Optional.ofNullable(file.files().backups());
    }

    @Override
    public Path scratch() {
        return scratch;
    }

    @Override
    public List<Path> settingsFolders() {
        return file.files().hadoopConfDir() == null
                ? List.of()
                : List.of(Path.of(file.files().hadoopConfDir()));
    }

    @Override
    public Path jobJar() {
        return layout.jobJar();
    }

    @Override
    public String logs() {
        return file.logs() == null ? "the logs of Flink at " + flink.rest().address() : file.logs();
    }
}
