package dev.rebound.deploy.control.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Asks each server how it is, by the word of four letters that every ZooKeeper answers. */
final class ZooKeeperProbe implements Callable<Observation.ZooKeeper> {
    private static final byte[] QUESTION = "srvr".getBytes(StandardCharsets.US_ASCII);

    private final List<String> servers;
    private final Duration patience;

    /** @param servers HOST:PORT each */
    ZooKeeperProbe(List<String> servers, Duration patience) {
        this.servers = servers;
        this.patience = patience;
    }

    @Override
    public Observation.ZooKeeper call() {
        List<String> silent = new ArrayList<>();
        for (String server : servers) {
            if (!answers(server)) {
                silent.add(server);
            }
        }
        return new Observation.ZooKeeper(silent, servers.size());
    }

    private boolean answers(String server) {
        int colon = server.lastIndexOf(':');
        int millis = (int) patience.toMillis() / servers.size();
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
                    millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(QUESTION);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
