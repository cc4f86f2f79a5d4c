package dev.rebound.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SiteFilesTest {
    private final SiteFiles a = files("127.0.0.1:1");
    private final SiteFiles b = files("127.0.0.1:2");

    private static SiteFiles files(String nameNode) {
        Configuration hadoop = new Configuration(false);
        hadoop.set("dfs.namenode.rpc-address.rebound.nn1", nameNode);
        URI root = URI.create("hdfs://rebound/rebound");
        return new SiteFiles(root, root, () -> hadoop, null);
    }

    @AfterEach
    void forOtherTests() {
        URI root = URI.create("file:///");
        new SiteFiles(root, root, () -> new Configuration(false), null).takeProcess();
    }

    @Test
    void aProcessReachesTheFilesOfOneSite() {
        a.takeProcess();

        assertThat(a.root().toString()).isEqualTo("hdfs://rebound/rebound");
        assertThat(files("127.0.0.1:1").registry()).isEqualTo(a.registry());
        assertThatThrownBy(b::root)
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("another site")
                .hasMessageContaining("hdfs://rebound/rebound");
    }

    @Test
    void whoTakesTheProcessOverReachesItsOwn() {
        a.takeProcess();
        b.takeProcess();

        assertThat(b.root()).isEqualTo(b.registry());
        assertThatThrownBy(a::root).isInstanceOf(CommandFailedException.class);
    }
}
