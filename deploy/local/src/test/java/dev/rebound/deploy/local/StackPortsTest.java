package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.StackLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackPortsTest {

    @TempDir
    Path folder;

    private StackLayout layout;

    @BeforeEach
    void aLayout() throws Exception {
        layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
    }

    @Test
    void aLaterCommandFindsThePortsOfTheStack() {
        StackPorts ports = StackPorts.free();
        assertThat(StackPorts.of(layout, StackPorts.DEFAULT)).isEqualTo(StackPorts.DEFAULT);

        ports.save(layout);

        assertThat(StackPorts.of(layout, StackPorts.DEFAULT)).isEqualTo(ports).isNotEqualTo(StackPorts.DEFAULT);
    }

    @Test
    void aStackThatIsStartedAgainKeepsThePortsThatAreStillFree() throws Exception {
        StackPorts before = StackPorts.free(layout);
        before.save(layout);
        assertThat(StackPorts.free(layout)).isEqualTo(before);

        try (ServerSocket other = new ServerSocket(before.nameNode(), 1, InetAddress.getLoopbackAddress())) {
            StackPorts after = StackPorts.free(layout);

            assertThat(after.nameNode()).isNotEqualTo(other.getLocalPort());
            assertThat(after.kafka()).isEqualTo(before.kafka());
            assertThat(after.zooKeeper()).isEqualTo(before.zooKeeper());
        }
    }

    @Test
    void aSecondStackHasPortsOfItsOwnBelowThoseOfOutgoingConnections() {
        Set<Integer> main = ports(LocalStack.named("main", layout));
        Set<Integer> second = ports(LocalStack.named("b", layout));

        assertThat(second).hasSameSizeAs(main).doesNotContainAnyElementsOf(main).allMatch(port -> port < 32_768);
    }

    private static Set<Integer> ports(LocalStack stack) {
        StackPorts ports = stack.ports();
        return Set.of(
                ports.kafka(),
                ports.kafkaController(),
                ports.nameNode(),
                ports.nameNodeHttp(),
                ports.dataNode(),
                ports.dataNodeIpc(),
                ports.dataNodeHttp(),
                ports.flinkRest(),
                ports.jobManagerRpc(),
                ports.zooKeeper(),
                ports.standbyRest(),
                ports.standbyRpc());
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        Files.createDirectories(layout.run());
        Files.writeString(layout.run().resolve("ports.properties"), "kafka=many\n");

        assertThatThrownBy(() -> StackPorts.of(layout, StackPorts.DEFAULT))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("ports.properties");
    }

    @Test
    void aPortIsTakenWhileSomebodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(StackPorts.taken(port)).isTrue();
        }
        assertThat(StackPorts.taken(port)).isFalse();
    }
}
