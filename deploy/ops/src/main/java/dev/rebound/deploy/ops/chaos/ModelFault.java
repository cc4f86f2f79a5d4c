package dev.rebound.deploy.ops.chaos;

import dev.rebound.deploy.ops.console.CommandFailedException;
import dev.rebound.deploy.ops.model.ModelReleases;
import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** A package with a flipped byte is made live: it must be refused, and the version that serves goes on. */
final class ModelFault implements Fault {
    private final String model;
    private final String version;

    /** @param version the good one that serves */
    ModelFault(String model, String version) {
        this.model = model;
        this.version = version;
    }

    @Override
    public String name() {
        return "model-tampered";
    }

    @Override
    public String description() {
        return "a package with a flipped byte is made live: refused, the running version serves on";
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        String tampered = version + "-tampered-" + Long.toHexString(random.nextLong());
        try {
            copy(
                    new Path(target.registry(), model + "/" + version),
                    new Path(target.registry(), model + "/" + tampered));
        } catch (IOException e) {
            throw new CommandFailedException("Can't write a tampered package into " + target.registry() + ": " + e, e);
        }
        long struckMillis = System.currentTimeMillis();
        new ModelReleases(target.stack().bootstrapServers(), target.topicPrefix())
                .publish(target.registry(), model, tampered, "chaos");
        return struckMillis;
    }

    private static void copy(Path from, Path to) throws IOException {
        FileSystem files = from.getFileSystem();
        for (FileStatus file : files.listStatus(from)) {
            byte[] bytes;
            try (var in = files.open(file.getPath())) {
                bytes = in.readAllBytes();
            }
            if (file.getPath().getName().endsWith(".params")) {
                bytes[bytes.length / 2] ^= 1;
            }
            try (OutputStream out = files.create(new Path(to, file.getPath().getName()), WriteMode.NO_OVERWRITE)) {
                out.write(bytes);
            }
        }
    }
}
