package dev.rebound.deploy.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that says which command is at something, locked for as long as that command lives. One that says so and is not locked
 * was left by a command that had no chance to end; an empty one says that nobody is at it.
 *
 * <p>The lock is POSIX's: whatever in this process closes the file, however it opened it, gives the lock away. So a file that is
 * claimed here is not opened again, and it is never deleted while somebody may be waiting for it.
 */
public final class Claim implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private Claim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Empty while another command has it. */
    public static Optional<Claim> on(Path claimed, String command) {
        Path file = claimed.toAbsolutePath().normalize();
        if (!HELD_HERE.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = locked(file, StandardOpenOption.CREATE);
            if (channel == null) {
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
            return Optional.of(new Claim(file, channel));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't claim " + file, e);
        } finally {
            if (channel == null) {
                HELD_HERE.remove(file);
            }
        }
    }

    /** The command that had it and was killed; empty if none was. */
    public static Optional<String> leftBy(Path claimed) {
        Path file = claimed.toAbsolutePath().normalize();
        if (HELD_HERE.contains(file) || !Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = locked(file, StandardOpenOption.READ)) {
            if (channel == null) {
                return Optional.empty();
            }
            ByteBuffer command = ByteBuffer.allocate((int) channel.size());
            channel.read(command);
            return Optional.of(StandardCharsets.UTF_8.decode(command.flip()).toString())
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        }
    }

    private static @Nullable FileChannel locked(Path file, StandardOpenOption option) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, option);
        if (channel.tryLock() == null) {
            channel.close();
            return null;
        }
        return channel;
    }

    @Override
    public void close() {
        try (channel) {
            channel.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't give back " + file, e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
