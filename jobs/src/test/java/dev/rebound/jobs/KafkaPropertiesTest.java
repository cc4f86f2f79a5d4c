package dev.rebound.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaPropertiesTest {
    private static final String SECRET = "s3cret!";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("client.properties");
    }

    private KafkaProperties read(String... lines) throws IOException {
        Files.write(file, List.of(lines));
        return KafkaProperties.of("b:1", file.toString());
    }

    private void assertRefused(String why, String... lines) {
        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--kafka.properties-file " + file)
                .hasMessageContaining(why)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void withoutAFileTheClientsKnowTheBrokersAlone() {
        KafkaProperties kafka = KafkaProperties.of("b:1", null);

        assertThat(kafka.admin()).containsOnly(Map.entry("bootstrap.servers", "b:1"));
        assertThat(kafka.consumer()).isEqualTo(kafka.admin());
        assertThat(kafka.producer()).isEqualTo(kafka.admin());
    }

    @Test
    void eachKindOfClientGetsWhatItKnowsAndWhatIsForPlugIns() throws IOException {
        KafkaProperties kafka =
                read("security.protocol=SASL_SSL", "linger.ms=7", "fetch.max.bytes=8", "rack.of.my.plug-in=r1");

        assertThat(kafka.producer().stringPropertyNames())
                .containsOnly("bootstrap.servers", "security.protocol", "linger.ms", "rack.of.my.plug-in");
        assertThat(kafka.consumer().stringPropertyNames())
                .containsOnly("bootstrap.servers", "security.protocol", "fetch.max.bytes", "rack.of.my.plug-in");
        assertThat(kafka.admin().stringPropertyNames())
                .containsOnly("bootstrap.servers", "security.protocol", "rack.of.my.plug-in");
    }

    @Test
    void theFileMaySayWhereTheBrokersAre() throws IOException {
        Files.writeString(file, "bootstrap.servers=x:1,y:2");

        assertThat(KafkaProperties.of(null, file.toString()).bootstrapServers()).isEqualTo("x:1,y:2");
        assertThat(KafkaProperties.of("y:2, x:1", file.toString()).bootstrapServers())
                .isEqualTo("y:2, x:1");
        assertThatThrownBy(() -> KafkaProperties.of("z:1", file.toString()))
                .hasMessageContaining("--kafka.bootstrap-servers and bootstrap.servers")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("different brokers");
    }

    @Test
    void brokersThatNobodyNamesAreMissed() throws IOException {
        Files.writeString(file, "security.protocol=SSL");

        assertThatThrownBy(() -> KafkaProperties.of(null, file.toString()))
                .hasMessageContaining("Neither --kafka.bootstrap-servers nor bootstrap.servers")
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "transaction.timeout.ms, set --kafka.transaction-timeout",
        "transactional.id, set --site.name",
        "enable.idempotence, set --kafka.delivery-guarantee",
        "acks, set --kafka.delivery-guarantee",
        "group.id, set --kafka.group-id",
        "client.id, set --kafka.group-id",
        "isolation.level, remove it",
        "auto.offset.reset, remove it",
        "enable.auto.commit, remove it",
        "key.serializer, remove it",
        "value.deserializer, remove it",
        "partition.discovery.interval.ms, remove it"
    })
    void whatTheJobSetsItselfIsRefused(String key, String what) {
        assertRefused(key + " is not for this file: ", key + "=" + SECRET);
        assertRefused(what, key + "=" + SECRET);
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThatThrownBy(() -> read("acks=1", "ssl.keystore.password=", "linger.ms=" + SECRET))
                .hasMessageContaining("acks is not for this file")
                .hasMessageContaining("ssl.keystore.password has no value")
                .hasMessageContaining("linger.ms cannot have its value: it is of type LONG")
                .hasMessageNotContaining(SECRET);
        assertRefused("security.protocol cannot have its value", "security.protocol=" + SECRET);
    }

    @Test
    void theNameInABrokersCertificateMayBeLeftUnchecked() throws IOException {
        assertThat(read("ssl.endpoint.identification.algorithm=").admin())
                .containsEntry("ssl.endpoint.identification.algorithm", "");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        assertThatThrownBy(() -> KafkaProperties.of("b:1", file.toString()))
                .hasMessage("--kafka.properties-file " + file
                        + " is not there: give the path of a file where the job is submitted");
        assertThatThrownBy(() -> KafkaProperties.of("b:1", folder.toString()))
                .hasMessageContaining("--kafka.properties-file " + folder + " cannot be read");
        Files.write(file, "ssl.key.password=ä".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> KafkaProperties.of("b:1", file.toString())).hasMessageContaining("UTF-8");
        assertRefused("escape", "ssl.key.password=\\user");
    }

    @Test
    void aSecretIsLookedUpByEachClientWhereItRuns() throws IOException {
        Path secrets = Files.writeString(folder.resolve("secret.properties"), "password=" + SECRET);
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        Files.writeString(mounted.resolve("keystore"), SECRET);
        KafkaProperties kafka = read(
                "sasl.jaas.config=Module required user=\"${env:PATH}\" password=\"${file:" + secrets + ":password}\";",
                "ssl.keystore.password=${dir:" + mounted + ":keystore}");

        assertThat(kafka.admin().toString()).as("what travels with the job").doesNotContain(SECRET);
        assertThat(kafka.admin()).containsEntry("config.providers", "dir,env,file");
        Password expected =
                new Password("Module required user=\"" + System.getenv("PATH") + "\" password=\"s3cret!\";");
        Properties consumer = kafka.consumer();
        consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        Properties producer = kafka.producer();
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        assertThat(new ConsumerConfig(consumer).getPassword(SaslConfigs.SASL_JAAS_CONFIG))
                .isEqualTo(expected);
        assertThat(new ProducerConfig(producer).getPassword(SaslConfigs.SASL_JAAS_CONFIG))
                .isEqualTo(expected);
        AdminClientConfig admin = new AdminClientConfig(kafka.admin());
        assertThat(admin.getPassword(SaslConfigs.SASL_JAAS_CONFIG)).isEqualTo(expected);
        assertThat(admin.getPassword("ssl.keystore.password").value()).isEqualTo(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"${env:REBOUND_IS_NOT_SET}", "${file:FOLDER/client.properties:pass}", "${dir:FOLDER:none}"})
    void aSecretThatIsNotThereIsAnErrorAndNoPassword(String reference) throws IOException {
        String there = reference.replace("FOLDER", folder.toString());
        KafkaProperties kafka = read("ssl.keystore.password=" + there);

        assertThatThrownBy(() -> new AdminClientConfig(kafka.admin()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("refer to " + there.substring(2, there.length() - 1))
                .hasMessageContaining("every JobManager and TaskManager");
    }

    @Test
    void aReferenceThatNoProviderAnswersIsRefused() {
        assertRefused("ssl.keystore.password refers to '${vault:'", "ssl.keystore.password=${vault:" + SECRET + "}");
        assertRefused(
                "ssl.keystore.password refers to '${env:'",
                "config.providers=file",
                "config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider",
                "ssl.keystore.password=${env:NAME}");
        assertRefused("add config.providers.file.class", "config.providers=file", "ssl.key.password=${file:/a:b}");
    }

    @Test
    void providersOfTheFilesOwnStay() throws IOException {
        String kafkas = "org.apache.kafka.common.config.provider.EnvVarConfigProvider";
        KafkaProperties kafka = read(
                "config.providers = env , dir",
                "config.providers.env.class=" + kafkas,
                "config.providers.dir.class=" + RequiredValues.OfFolder.class.getName(),
                "ssl.keystore.password=${env:PATH}");

        assertThat(kafka.admin())
                .containsEntry("config.providers", "env,dir")
                .containsEntry("config.providers.env.class", kafkas);
        assertThat(new AdminClientConfig(kafka.admin())
                        .getPassword("ssl.keystore.password")
                        .value())
                .isEqualTo(System.getenv("PATH"));
    }
}
