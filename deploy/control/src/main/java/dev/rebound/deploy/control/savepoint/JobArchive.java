package dev.rebound.deploy.control.savepoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * The jar of every submitted job, once for each sum, and what each job was submitted as: {@code jars/<sha256>.jar} and
 * {@code jobs/<job id>.json} beside the savepoints.
 */
public final class JobArchive {
    private final Path jars;
    private final Path jobs;

    /** @param root folder on any file system of Flink's */
    public JobArchive(Path root) {
        this.jars = new Path(root, "jars");
        this.jobs = new Path(root, "jobs");
    }

    /** Keeps a copy of a jar, unless there is one. */
    public KeptJar keep(java.nio.file.Path jar) {
        try {
            String sum = sha256(jar);
            Path kept = jarOf(sum);
            FileSystem files = kept.getFileSystem();
            if (!files.exists(kept) || files.getFileStatus(kept).getLen() != Files.size(jar)) {
                Path temporary = new Path(jars, "." + sum + ".tmp");
                files.mkdirs(jars);
                try (FSDataOutputStream out = files.create(temporary, WriteMode.OVERWRITE)) {
                    Files.copy(jar, out);
                    out.sync();
                }
                files.delete(kept, false);
                if (!files.rename(temporary, kept)) {
                    throw new IOException("Can't rename " + temporary);
                }
            }
            return new KeptJar(sum, kept.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't keep a copy of " + jar + " in " + jars, e);
        }
    }

    /**
     * Brings a kept jar to this machine.
     *
     * @param folder gets the file, and keeps it
     * @throws UncheckedIOException if there is none, or its bytes are not those that were kept
     */
    public java.nio.file.Path fetch(KeptJar jar, java.nio.file.Path folder) {
        java.nio.file.Path local = folder.resolve(jar.sha256() + ".jar");
        Path kept = new Path(jar.path());
        try {
            Files.createDirectories(folder);
            if (!Files.exists(local) || !sha256(local).equals(jar.sha256())) {
                try (InputStream in = kept.getFileSystem().open(kept)) {
                    Files.copy(in, local, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
                if (!sha256(local).equals(jar.sha256())) {
                    throw new IOException("its SHA-256 is " + sha256(local) + ", must be " + jar.sha256());
                }
            }
            return local;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't fetch the job jar " + kept + ": " + e.getMessage(), e);
        }
    }

    /** Remembers what a job was submitted as. */
    public void record(JobOrigin origin) {
        try {
            jobs.getFileSystem().mkdirs(jobs);
            JsonFile.write(recordOf(origin.jobId()), origin);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + recordOf(origin.jobId()), e);
        }
    }

    /** Forgets a job that Flink has not accepted. */
    public void forget(String jobId) {
        Path record = recordOf(jobId);
        try {
            record.getFileSystem().delete(record, false);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + record, e);
        }
    }

    /** What a job was submitted as; empty if not by us, or if the record is {@linkplain #damaged damaged}. */
    public Optional<JobOrigin> origin(String jobId) {
        Path record = recordOf(jobId);
        try {
            return JsonFile.find(record, JobOrigin.class);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + record, e);
        }
    }

    /** Every job that was ever submitted, but for those whose record is {@linkplain #damaged damaged}. */
    public List<JobOrigin> origins() {
        return origins(damage -> {});
    }

    /** What is wrong with which record. Nothing can be said of its job; the others are not in its way. */
    public List<String> damaged() {
        List<String> damaged = new ArrayList<>();
        origins(damaged::add);
        return damaged;
    }

    private List<JobOrigin> origins(Consumer<String> damaged) {
        try {
            List<JobOrigin> origins = new ArrayList<>();
            for (Path record : JsonFile.in(jobs)) {
                try {
                    JsonFile.find(record, JobOrigin.class).ifPresent(origins::add);
                } catch (JsonProcessingException e) {
                    damaged.accept(
                            record + " is damaged and passed over, as if its job had not been submitted by rebound: "
                                    + e.getOriginalMessage() + ". Delete it if the job is of no use any more");
                }
            }
            return origins;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the records in " + jobs, e);
        }
    }

    /** Deletes the jars of other sums. What jobs were submitted as stays: it is small, and numbers the generations. */
    public void keepOnly(Set<String> sums) {
        try {
            FileSystem files = jars.getFileSystem();
            for (FileStatus file : files.exists(jars) ? files.listStatus(jars) : new FileStatus[0]) {
                Path jar = file.getPath();
                if (jar.getName().endsWith(".jar")
                        && !sums.contains(jar.getName().replaceFirst("\\.jar$", ""))) {
                    files.delete(jar, false);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete old jars in " + jars, e);
        }
    }

    private Path jarOf(String sum) {
        return new Path(jars, sum + ".jar");
    }

    private Path recordOf(String jobId) {
        return new Path(jobs, jobId + ".json");
    }

    private static String sha256(java.nio.file.Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
