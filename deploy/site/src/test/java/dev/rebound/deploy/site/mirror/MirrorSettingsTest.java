package dev.rebound.deploy.site.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.site.ClusterSite;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.SiteFile;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorSettingsTest {
    private static final String SECRET = "s3cret\\x";

    @TempDir
    Path folder;

    private Properties settings;

    @BeforeEach
    void twoSites() throws IOException {
        Properties secured = new Properties();
        secured.setProperty("ssl.truststore.password", SECRET);
        secured.setProperty("request.timeout.ms", "7000");
        try (var out = Files.newOutputStream(folder.resolve("client.properties"))) {
            secured.store(out, null);
        }
        Site from = site("east", "east1:9092\n  properties-file: " + folder.resolve("client.properties"));
        settings = load(MirrorSettings.write(from, site("west", "west1:9092"), folder.resolve("mirror")));
    }

    private Site site(String name, String servers) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                kafka:
                  bootstrap-servers: %s
                flink:
                  rest: http://jobmanager:8081
                files:
                  root: hdfs://nameservice/rebound
                """.formatted(name, servers));
        return new ClusterSite(SiteFile.read(file), new StackLayout(folder.resolve("home"), folder.resolve("var")));
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    @Test
    void oneDirectionAndCommittedRecordsOnly() {
        assertThat(settings)
                .containsEntry("clusters", "east,west")
                .containsEntry("east->west.enabled", "true")
                .containsEntry("west->east.enabled", "false")
                .containsEntry("east.consumer.isolation.level", "read_committed")
                .containsEntry("west.exactly.once.source.support", "enabled")
                .containsEntry("west.offset.storage.replication.factor", "-1");
    }

    @Test
    void onlyTopicsOfTheSitesPrefixAreCopied() {
        Pattern topics = Pattern.compile(settings.getProperty("east->west.topics"));

        assertThat("rebound.events").matches(topics);
        assertThat("rebound-2.events").doesNotMatch(topics);
        assertThat("my.rebound.events").doesNotMatch(topics);
    }

    @Test
    void secretsAreReferredToAndLieInAFileOfThisUserAlone() throws IOException {
        Path secrets = folder.resolve("mirror/east.client.properties");

        assertThat(settings.values()).noneMatch(value -> value.toString().contains("s3cret"));
        assertThat(settings)
                .containsEntry("east.ssl.truststore.password", "${file:" + secrets + ":ssl.truststore.password}")
                .containsEntry("east.consumer.request.timeout.ms", "${file:" + secrets + ":request.timeout.ms}");
        assertThat(load(secrets)).containsEntry("ssl.truststore.password", SECRET);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rw-------");
    }
}
