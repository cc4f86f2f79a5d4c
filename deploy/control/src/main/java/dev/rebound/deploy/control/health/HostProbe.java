package dev.rebound.deploy.control.health;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the machine that this runs on, from Linux' own figures where the JVM has none. */
final class HostProbe implements Callable<Observation.Host> {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Pattern KIBIBYTES =
            Pattern.compile("^(MemTotal|MemAvailable): +(\\d+) kB$", Pattern.MULTILINE);

    private final List<Path> folders;

    /** @param folders whose disks are looked at */
    HostProbe(List<Path> folders) {
        this.folders = folders;
    }

    @Override
    public Observation.Host call() throws IOException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int cores = Runtime.getRuntime().availableProcessors();
        List<Observation.Disk> disks = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.exists(folder)) {
                FileStore store = Files.getFileStore(folder);
                disks.add(new Observation.Disk(folder.toString(), store.getTotalSpace(), store.getUsableSpace()));
            }
        }
        long total = 0;
        long available = 0;
        if (Files.isReadable(MEMORY)) {
            Matcher line = KIBIBYTES.matcher(Files.readString(MEMORY));
            while (line.find()) {
                long bytes = Long.parseLong(line.group(2)) * 1024;
                if (line.group(1).equals("MemTotal")) {
                    total = bytes;
                } else {
                    available = bytes;
                }
            }
        }
        return new Observation.Host(load < 0 ? load : load / cores, total, available, disks);
    }
}
