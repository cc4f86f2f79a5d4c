package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteFileTest {
    private static final String LEAST = """
            name: site-a
            kafka:
              bootstrap-servers: broker1:9092
            flink:
              rest: http://jobmanager:8081
            files:
              root: hdfs://nameservice/rebound
            """;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void chooseAFile() {
        file = folder.resolve("site.yaml");
    }

    @Test
    void theLeastSiteHasTheDefaults() throws Exception {
        SiteFile site = read(LEAST);

        assertThat(site.epoch()).isEqualTo(1);
        assertThat(site.topics().prefix()).isEqualTo("rebound.");
        assertThat(site.topics().partitions()).isEqualTo(4);
        assertThat(site.topics().replication()).isEqualTo((short) -1);
        assertThat(site.flink().rest()).containsExactly(URI.create("http://jobmanager:8081"));
        assertThat(site.kafka().properties()).isEmpty();
    }

    /** Each is one change of a right file, and what of it the error must name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: site-a | name: Site A | name Site A",
                "name: site-a | nmae: site-a | name: Missing",
                "name: site-a | 'name: site-a\nepcoh: 1' | epcoh is no setting",
                "  bootstrap-servers: broker1:9092 | '  properties: {}' | bootstrap-servers",
                "  bootstrap-servers: broker1:9092 | 'bootstrap-servers: b:1\n  propertis: {}' | kafka.propertis is no setting",
                "  bootstrap-servers: broker1:9092 | '  bootstrap-servers: \" \"' | kafka.bootstrap-servers is empty",
                "  rest: http://jobmanager:8081 | '  rest: jobmanager' | flink.rest jobmanager",
                "  rest: http://jobmanager:8081 | '  rest: []' | flink.rest is empty",
                "  root: hdfs://nameservice/rebound | '  root: /rebound' | files.root /rebound",
                "  root: hdfs://nameservice/rebound | 'root: hdfs://n/r\n  principal: me@REALM' | files.keytab",
                "name: site-a | 'name: site-a\nepoch: -1' | epoch -1",
                "name: site-a | 'name: site-a\nepoch: soon' | epoch",
                "name: site-a | 'name: site-a\nname: site-b' | name",
                "name: site-a | 'name: site-a\ntopics: {partitions: 0}' | topics.partitions 0",
            })
    void whatIsWrongIsNamed(String right, String wrong, String named) {
        assertThat(LEAST).contains(right);

        assertThatThrownBy(() -> read(LEAST.replace(right, wrong.replace("\\n", "\n"))))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(named);
    }

    @Test
    void whatIsNoYamlIsSaidToBeNone() {
        assertThatThrownBy(() -> read("name: [site-a")).hasMessageContaining(file.toString());
    }

    private SiteFile read(String text) throws IOException {
        Files.writeString(file, text);
        return SiteFile.read(file);
    }
}
