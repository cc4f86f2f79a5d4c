package dev.rebound.deploy.local;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The TCP ports of the stack, all on 127.0.0.1. */
public record StackPorts(
        int kafka,
        int kafkaController,
        int nameNode,
        int nameNodeHttp,
        int dataNode,
        int dataNodeIpc,
        int dataNodeHttp,
        int flinkRest,
        int jobManagerRpc,
        int zooKeeper,
        int standbyRest,
        int standbyRpc) {

    /** Away from the components' own defaults, so that the stack lives beside another Kafka or Flink. */
    public static final StackPorts DEFAULT =
            new StackPorts(29092, 29093, 28020, 28070, 28066, 28067, 28064, 28081, 28123, 28181, 28082, 28124);

    /** Of every other stack. Two of those beside each other take other ports: {@code stack up --free-ports}. */
    static final StackPorts BESIDE_DEFAULT =
            of(DEFAULT.values().stream().map(port -> port + 1000).toList());

    private static final int COUNT = 12;
    private static final int FREE_FROM = 15_000;
    private static final int FREE_TO = 32_000;

    /**
     * Ports that nobody listens on now; for tests, several stacks beside each other. Below the range that Linux takes the
     * ports of outgoing connections from: one of those could come first between the choice and the server's start.
     */
    public static StackPorts free() {
        return free(List.of());
    }

    /**
     * The ports that the stack in this folder was started with, as far as they are free, and others instead of the rest. Jobs
     * that its JobManagers recover have them in their configuration.
     */
    static StackPorts free(StackLayout layout) {
        return free(Files.exists(file(layout)) ? of(layout, DEFAULT).values() : List.of());
    }

    private static StackPorts free(List<Integer> wanted) {
        List<Integer> candidates = IntStream.range(FREE_FROM, FREE_TO).boxed().collect(Collectors.toList());
        candidates.removeAll(wanted);
        Collections.shuffle(candidates);
        Iterator<Integer> others =
                candidates.stream().filter(StackPorts::canListen).iterator();
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            if (i < wanted.size() && canListen(wanted.get(i))) {
                free.add(wanted.get(i));
            } else if (others.hasNext()) {
                free.add(others.next());
            }
        }
        if (free.size() < COUNT) {
            throw new StackException("No " + COUNT + " free ports on 127.0.0.1 between " + FREE_FROM + " and " + FREE_TO
                    + ". End some servers, then try again.");
        }
        return of(free);
    }

    private static boolean canListen(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static int freePort() {
        return free().kafka();
    }

    /**
     * The ports that the stack in this folder was started with, so that a later command finds it.
     *
     * @param otherwise those of a stack that was never started
     */
    static StackPorts of(StackLayout layout, StackPorts otherwise) {
        Path file = file(layout);
        if (!Files.exists(file)) {
            return otherwise;
        }
        Properties saved = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            saved.load(reader);
            return of(IntStream.range(0, COUNT)
                    // A stack that was started before a port was added keeps those that it has.
                    .map(i -> Integer.parseInt(saved.getProperty(
                            names().get(i), String.valueOf(otherwise.values().get(i)))))
                    .boxed()
                    .toList());
        } catch (IOException | NumberFormatException e) {
            throw new StackException(
                    "Can't read the ports of the stack from " + file + ". Delete the file to use the default ports.",
                    e);
        }
    }

    void save(StackLayout layout) {
        Properties properties = new Properties();
        for (int i = 0; i < COUNT; i++) {
            properties.setProperty(names().get(i), String.valueOf(values().get(i)));
        }
        try {
            Files.createDirectories(layout.run());
            try (Writer writer = Files.newBufferedWriter(file(layout))) {
                properties.store(writer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file(layout), e);
        }
    }

    /** Whether something listens on the port. Connects, since a trial bind could take the port from a starting server. */
    static boolean taken(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static StackPorts of(List<Integer> p) {
        return new StackPorts(
                p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), p.get(5), p.get(6), p.get(7), p.get(8), p.get(9),
                p.get(10), p.get(11));
    }

    private List<Integer> values() {
        return List.of(
                kafka,
                kafkaController,
                nameNode,
                nameNodeHttp,
                dataNode,
                dataNodeIpc,
                dataNodeHttp,
                flinkRest,
                jobManagerRpc,
                zooKeeper,
                standbyRest,
                standbyRpc);
    }

    private static List<String> names() {
        return List.of(
                "kafka",
                "kafka.controller",
                "namenode",
                "namenode.http",
                "datanode",
                "datanode.ipc",
                "datanode.http",
                "flink.rest",
                "jobmanager.rpc",
                "zookeeper",
                "standby.rest",
                "standby.rpc");
    }

    private static Path file(StackLayout layout) {
        return layout.run().resolve("ports.properties");
    }
}
