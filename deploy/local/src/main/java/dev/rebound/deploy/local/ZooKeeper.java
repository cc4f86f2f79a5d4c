package dev.rebound.deploy.local;

import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One ZooKeeper server, by which the JobManagers elect their leader. */
final class ZooKeeper implements StackComponent {

    private final StackLayout layout;
    private final StackPorts ports;

    ZooKeeper(StackLayout layout, StackPorts ports) {
        this.layout = layout;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "zookeeper";
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.zooKeeper());
    }

    @Override
    public void prepare() {
        ConfigTemplate.render(
                layout,
                "zookeeper/zoo.cfg",
                Map.of("zookeeper.port", ports.zooKeeper(), "zookeeper.data", layout.data("zookeeper")));
    }

    @Override
    public JvmCommand command() {
        List<String> flags = new ArrayList<>(List.of("-Xmx128m", "-XX:+UseSerialGC"));
        flags.addAll(JvmCommand.logFlags(layout, layout.logs().resolve(name() + ".log")));
        return new JvmCommand(
                flags,
                List.of(layout.jars("zookeeper")),
                "org.apache.zookeeper.server.ZooKeeperServerMain",
                List.of(layout.conf().resolve("zookeeper/zoo.cfg").toString()),
                Map.of());
    }

    /** Asks it, in its own words, whether it is well. */
    @Override
    public Optional<String> problem() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.zooKeeper()), 1000);
            socket.setSoTimeout(2000);
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.equals("imok")
                    ? Optional.empty()
                    : Optional.of("it answers '" + answer + "', must be 'imok'");
        } catch (IOException e) {
            return Optional.of("it does not answer on 127.0.0.1:" + ports.zooKeeper() + ": " + e.getMessage());
        }
    }
}
