package dev.rebound.deploy.local.damage;

import dev.rebound.deploy.local.StackException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of Linux' firewall that drop every packet of a port on the loopback interface. Needs root. */
public final class Firewall {
    private static final String COMMENT = "rebound-chaos";
    private static final List<String> SIDES = List.of("--dport", "--sport");

    private Firewall() {}

    /** Why no rules can be set here; empty where they can. */
    public static Optional<String> impossible() {
        try {
            return run("-n", "-L", "OUTPUT").isEmpty() ? Optional.empty() : Optional.of("it takes root and iptables");
        } catch (IOException e) {
            return Optional.of("it takes iptables: " + e.getMessage());
        }
    }

    /** Drops what comes from a port of this machine and what goes to it. */
    public static void close(int port) {
        SIDES.forEach(side -> change("-I", side, port));
    }

    /** Drops nothing of that port any more; nor did it where there is no rule. */
    static void open(int port) {
        impossible().ifPresent(why -> {
            throw new StackException("Can't change the firewall: " + why);
        });
        for (String side : SIDES) {
            while (isThere(side, port)) {
                change("-D", side, port);
            }
        }
    }

    private static boolean isThere(String side, int port) {
        try {
            return run(arguments("-C", side, port)).isEmpty();
        } catch (IOException e) {
            throw new StackException("Can't run iptables", e);
        }
    }

    private static void change(String action, String side, int port) {
        String[] arguments = arguments(action, side, port);
        try {
            run(arguments).ifPresent(problem -> {
                throw new StackException("iptables " + String.join(" ", arguments) + ": " + problem);
            });
        } catch (IOException e) {
            throw new StackException("Can't run iptables", e);
        }
    }

    private static String[] arguments(String action, String side, int port) {
        return new String[] {
            action,
            "OUTPUT",
            "-o",
            "lo",
            "-p",
            "tcp",
            side,
            String.valueOf(port),
            "-m",
            "comment",
            "--comment",
            COMMENT,
            "-j",
            "DROP"
        };
    }

    /** What it says where it fails; empty where it does not. */
    private static Optional<String> run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("iptables", "-w"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while changing the firewall", e);
        }
    }
}
