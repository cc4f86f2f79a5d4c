package dev.rebound.deploy.local;

import dev.rebound.deploy.site.CommandResult;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The NameNode of the stack's HDFS. */
final class NameNode implements StackComponent {

    private static final String MAIN = "org.apache.hadoop.hdfs.server.namenode.NameNode";

    private final StackLayout layout;
    private final StackPorts ports;
    private final Hdfs hdfs;

    NameNode(StackLayout layout, StackPorts ports, Hdfs hdfs) {
        this.layout = layout;
        this.ports = ports;
        this.hdfs = hdfs;
    }

    @Override
    public String name() {
        return "namenode";
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.nameNode(), ports.nameNodeHttp());
    }

    @Override
    public void prepare() {
        hdfs.renderConfiguration();
        Path image = layout.data("hdfs").resolve("name");
        if (Files.exists(image.resolve("current/VERSION"))) {
            return;
        }
        CommandResult format =
                NewStorage.format(image, hdfs.jvm(MAIN, "namenode-format", List.of("-format", "-nonInteractive")));
        if (!format.succeeded()) {
            throw new StackException("The NameNode can't format " + image + "; see "
                    + layout.logs().resolve("namenode-format.log") + ".\n" + format.output());
        }
    }

    @Override
    public JvmCommand command() {
        return hdfs.jvm(MAIN, name(), List.of());
    }

    /** Whether it answers; that files can be written is the DataNode's part. */
    @Override
    public Optional<String> problem() {
        return StackPorts.taken(ports.nameNode())
                ? Optional.empty()
                : Optional.of("it does not listen on 127.0.0.1:" + ports.nameNode() + " yet");
    }
}
