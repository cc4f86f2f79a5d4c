package dev.rebound.deploy.local;

import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What NameNode, DataNode and their clients share: configuration files and the address. */
final class Hdfs {
    /** As in {@code core-site.xml}. The same of every stack: each finds its own NameNode by its own settings. */
    private static final URI NAMESERVICE = URI.create("hdfs://rebound");

    private final StackLayout layout;
    private final StackPorts ports;

    Hdfs(StackLayout layout, StackPorts ports) {
        this.layout = layout;
        this.ports = ports;
    }

    URI uri() {
        return NAMESERVICE;
    }

    void renderConfiguration() {
        Map<String, Object> values = Map.of(
                "namenode.port", ports.nameNode(),
                "namenode.http.port", ports.nameNodeHttp(),
                "datanode.port", ports.dataNode(),
                "datanode.ipc.port", ports.dataNodeIpc(),
                "datanode.http.port", ports.dataNodeHttp(),
                "hdfs.data", layout.data("hdfs"));
        ConfigTemplate.render(layout, "hdfs/core-site.xml", values);
        ConfigTemplate.render(layout, "hdfs/hdfs-site.xml", values);
    }

    /** What the stack sets, without Hadoop's defaults. Of one that was never started, what it would be started with. */
    Configuration clientConfiguration() {
        if (!Files.exists(layout.hdfsConf().resolve("hdfs-site.xml"))) {
            renderConfiguration();
        }
        return withFiles(new Configuration(false));
    }

    private Configuration withFiles(Configuration configuration) {
        configuration.addResource(
                new Path(layout.hdfsConf().resolve("core-site.xml").toUri()));
        configuration.addResource(
                new Path(layout.hdfsConf().resolve("hdfs-site.xml").toUri()));
        return configuration;
    }

    /** A client of its own, which the caller closes. */
    FileSystem open() {
        try {
            return FileSystem.newInstance(uri(), withFiles(new Configuration()));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't reach HDFS at " + uri(), e);
        }
    }

    JvmCommand jvm(String mainClass, String logName, List<String> arguments) {
        List<String> flags =
                new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dhadoop.log.dir=" + layout.logs()));
        flags.addAll(JvmCommand.OPENS);
        flags.addAll(JvmCommand.logFlags(layout, layout.logs().resolve(logName + ".log")));
        List<String> classPath = List.of(layout.hdfsConf().toString(), layout.jars("hadoop"));
        return new JvmCommand(flags, classPath, mainClass, arguments, Map.of());
    }
}
