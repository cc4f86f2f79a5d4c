package dev.rebound.deploy.everycommand;

import dev.rebound.deploy.LongTest;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.official.InstalledFlink;
import dev.rebound.deploy.official.KafkaAndHdfs;
import dev.rebound.deploy.official.OfficialFlink;
import dev.rebound.deploy.official.RunningOfficialFlink;
import dev.rebound.deploy.official.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command on the official Flink, beside a Kafka and an HDFS that ask for nothing. */
@LongTest
class OfficialSiteIT {
    private static final int TASK_MANAGERS = 2;

    @RegisterExtension
    static final KafkaAndHdfs STORAGE = new KafkaAndHdfs();

    private final LocalStack stack = STORAGE.stack();

    @Test
    void everyCommandWorksOnTheSiteThatItsFileDescribes() throws Exception {
        InstalledFlink flink = InstalledFlink.install(
                OfficialFlink.orSkip(),
                STORAGE.folder().resolve("flink"),
                stack.layout().home(),
                Site.of(stack.layout().hdfsConf(), stack.hdfsUri().resolve("/flink")));
        try (RunningOfficialFlink running = RunningOfficialFlink.start(flink, TASK_MANAGERS)) {
            EveryCommand operators = new EveryCommand(
                    new ReboundCommand(STORAGE.folder(), siteFile(flink), Map.of()),
                    STORAGE.folder().resolve("backups").toUri(),
                    stack.hdfsUri().resolve("/restored"));
            operators.prepareTheSite();
            operators.start();
            operators.release();
            operators.upgrade();
            operators.rollBack();
            operators.restore();
        }
    }

    private Path siteFile(InstalledFlink flink) throws IOException {
        return new SiteDescription(Map.of())
                .with("name", "official")
                .with("epoch", 2)
                .with("kafka.bootstrap-servers", stack.kafka().bootstrapServers())
                .with("topics.prefix", "shop.")
                .with("topics.partitions", 2)
                .with("topics.replication", 1)
                .with("flink.rest", flink.rest())
                .with("files.root", stack.hdfsUri().resolve("/shop"))
                .with("files.hadoop-conf-dir", stack.layout().hdfsConf())
                .write(STORAGE.folder());
    }
}
