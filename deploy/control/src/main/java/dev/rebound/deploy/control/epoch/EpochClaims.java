package dev.rebound.deploy.control.epoch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rebound.deploy.control.backup.LeaseHolder;
import dev.rebound.deploy.control.backup.Volume;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Who has taken over, epoch by epoch: {@code epochs/N/claim-K.json} of the root of the site that took over. A file system
 * lets one create a name that is free and refuses all others, so that of two claims at once one wins. A take-over that was
 * broken off is gone on with by the next claim K of the same epoch.
 */
public final class EpochClaims {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final String DONE = "done";
    private static final String JOURNAL = "journal.json";
    private static final String ELSEWHERE = "elsewhere.json";

    private final String site;
    private final long describedEpoch;
    private final Configuration hadoop;
    private final Path folder;

    public EpochClaims(Site site) {
        this(site.name(), site.epoch(), site.files().rootAddress(), site.files().hadoop());
    }

    EpochClaims(String site, long describedEpoch, URI root, Configuration hadoop) {
        this.site = site;
        this.describedEpoch = describedEpoch;
        this.hadoop = hadoop;
        this.folder = new Path(new Path(root), "epochs");
    }

    /**
     * One claim.
     *
     * @param site that takes over
     * @param claimedBy user and host
     * @param holder the process
     * @param number 1 for the first of the epoch
     */
    public record Claim(long epoch, String site, String claimedBy, Instant claimedAt, LeaseHolder holder, int number) {

        String text() {
            return "epoch " + epoch + " is claimed by " + claimedBy + " for " + site + " since " + claimedAt;
        }
    }

    /** The epoch in which the site writes: of its last finished take-over, else the one that it was described with. */
    public long current() {
        return access(volume -> finished(volume).stream().max(Comparator.naturalOrder()))
                .filter(epoch -> epoch > describedEpoch)
                .orElse(describedEpoch);
    }

    /**
     * Claims the next epoch, or the one that a broken-off take-over has claimed.
     *
     * @param before the newest epoch that is known of elsewhere
     * @throws CommandFailedException if another process holds it, saying which
     */
    public Claim claim(long before, String claimedBy) {
        return access(volume -> {
            long known = Math.max(before, elsewhere(volume).map(Claim::epoch).orElse(0L));
            Optional<Claim> last = newest(volume);
            Optional<Claim> begun = begun(volume, known);
            if (begun.isPresent() && !isGivenUp(volume, begun.get())) {
                throw refusal(begun.get());
            }
            long epoch = begun.map(Claim::epoch)
                    .orElseGet(() -> Math.max(known, last.map(Claim::epoch).orElse(0L)) + 1);
            int number = begun.map(Claim::number).orElse(0) + 1;
            Claim claim = new Claim(epoch, site, claimedBy, Instant.now(), LeaseHolder.ofThisProcess(), number);
            publish(volume, claim);
            return claim;
        });
    }

    /** The take-over that was begun last, if it is not done and no other site has had a later epoch since. */
    private Optional<Claim> begun(Volume volume, long known) throws IOException {
        Optional<Claim> last = newest(volume).filter(claim -> claim.epoch() > known);
        return last.isPresent() && finished(volume).contains(last.get().epoch()) ? Optional.empty() : last;
    }

    private boolean isGivenUp(Volume volume, Claim claim) throws IOException {
        return claim.holder().isGone() || volume.files().exists(givenUp(claim));
    }

    private Path givenUp(Claim claim) {
        return new Path(of(claim.epoch()), "given-up-" + claim.number());
    }

    /** Says that the attempt has failed, so that the next one need not wait for this process to end. */
    public void giveUp(Claim claim) {
        access(volume -> {
            volume.write(JSON.writeValueAsBytes(claim), givenUp(claim));
            return claim;
        });
    }

    private void publish(Volume volume, Claim claim) throws IOException {
        Path temporary = new Path(folder, "." + UUID.randomUUID());
        try {
            volume.write(JSON.writeValueAsBytes(claim), temporary);
            volume.publish(temporary, new Path(of(claim.epoch()), "claim-" + claim.number() + ".json"));
        } catch (FileAlreadyExistsException e) {
            throw refusal(newest(volume).orElse(claim));
        } finally {
            volume.files().delete(temporary, false);
        }
    }

    private static CommandFailedException refusal(Claim held) {
        return new CommandFailedException("Another take-over is under way: " + held.text() + ", process "
                + held.holder().pid()
                + ". Wait for it. If its machine is gone, delete that claim's file and repeat the command");
    }

    /** Says that the take-over of an epoch is done. */
    public void finish(Claim claim) {
        access(volume -> {
            volume.write(JSON.writeValueAsBytes(claim), new Path(of(claim.epoch()), DONE));
            return claim;
        });
    }

    /** The last take-over by this site that is done. */
    public Optional<Claim> lastFinished() {
        return access(volume -> {
            Optional<Long> epoch = finished(volume).stream().max(Comparator.naturalOrder());
            return epoch.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(volume.read(new Path(of(epoch.get()), DONE)), Claim.class));
        });
    }

    /** What the take-over of an epoch has written into its journal; also of a site that is not this process's. */
    public byte[] readJournal(long epoch) {
        return access(volume -> {
            Path journal = new Path(of(epoch), JOURNAL);
            // Whoever replaced it may have died between the two steps of that.
            return volume.read(volume.files().exists(journal) ? journal : new Path(of(epoch), "." + JOURNAL + ".tmp"));
        });
    }

    /** Notes that another site has an epoch, so that nothing is started here that would write beside it. */
    public void noteElsewhere(Claim claim) {
        access(volume -> {
            // At once: whoever reads meanwhile, or after this process died here, sees all of it or none.
            Path temporary = new Path(folder, "." + UUID.randomUUID());
            volume.write(JSON.writeValueAsBytes(claim), temporary);
            volume.replace(temporary, new Path(of(claim.epoch()), ELSEWHERE));
            return claim;
        });
    }

    /** Notes which site has the job that this one stands by for, unless that is known. */
    public void notePrimary(String primary, long epoch) {
        Optional<Claim> known = access(this::elsewhere);
        boolean isNews = known.isEmpty()
                || known.get().epoch() < epoch
                || (known.get().epoch() == epoch && !known.get().site().equals(primary));
        if (isNews) {
            noteElsewhere(
                    new Claim(epoch, primary, "rebound dr standby", Instant.now(), LeaseHolder.ofThisProcess(), 1));
        }
    }

    /** The same as {@link #requireWriting(long)} for the epoch in which the site writes. */
    public void requireWriting() {
        requireWriting(current());
    }

    /**
     * Refuses a job of an epoch before that which another site has, and any on a site that stands by in that epoch.
     *
     * @throws CommandFailedException saying which
     */
    public void requireWriting(long epoch) {
        long latest = Math.max(epoch, current());
        access(this::elsewhere)
                .filter(claim -> claim.epoch() > epoch
                        || (claim.epoch() == latest && !claim.site().equals(site)))
                .ifPresent(claim -> {
                    throw new CommandFailedException(site + " stands by, and nothing but the mirror may write on it: "
                            + claim.text() + ". Name that site, or move the job here with: rebound dr failback --site "
                            + site + " --primary " + claim.site() + ". If " + site
                            + " stands by no more and nobody mirrors to it, delete "
                            + new Path(of(claim.epoch()), ELSEWHERE));
                });
    }

    /**
     * Whether a take-over was begun that is not done.
     *
     * @param before as in {@link #claim}
     */
    public boolean isUnderWay(long before) {
        return access(volume -> begun(
                        volume,
                        Math.max(before, elsewhere(volume).map(Claim::epoch).orElse(0L)))
                .isPresent());
    }

    /** The newest epoch that another site is known to have; 0 if none is. */
    public long elsewhere() {
        return access(volume -> elsewhere(volume).map(Claim::epoch).orElse(0L));
    }

    private Optional<Claim> elsewhere(Volume volume) throws IOException {
        List<Claim> claims = new ArrayList<>();
        for (FileStatus file : volume.filesBelow(folder)) {
            if (file.getPath().getName().equals(ELSEWHERE)) {
                claims.add(JSON.readValue(volume.read(file.getPath()), Claim.class));
            }
        }
        return claims.stream().max(Comparator.comparing(Claim::epoch));
    }

    /**
     * Refuses where the site has taken over, or is about to.
     *
     * @param epoch that the other site writes in
     */
    public void requireNoneAfter(long epoch, String name) {
        access(this::newest).filter(claim -> claim.epoch() > epoch).ifPresent(claim -> {
            throw new CommandFailedException(name + " stands by no more: " + claim.text());
        });
    }

    /** Where the take-over of an epoch keeps what it has done. */
    public org.apache.flink.core.fs.Path journal(long epoch) {
        return new org.apache.flink.core.fs.Path(new Path(of(epoch), JOURNAL).toUri());
    }

    private Path of(long epoch) {
        return new Path(folder, String.valueOf(epoch));
    }

    private Optional<Claim> newest(Volume volume) throws IOException {
        List<Claim> claims = new ArrayList<>();
        for (FileStatus file : volume.filesBelow(folder)) {
            if (file.getPath().getName().startsWith("claim-")) {
                claims.add(JSON.readValue(volume.read(file.getPath()), Claim.class));
            }
        }
        return claims.stream().max(Comparator.comparing(Claim::epoch).thenComparing(Claim::number));
    }

    private List<Long> finished(Volume volume) throws IOException {
        List<Long> epochs = new ArrayList<>();
        for (FileStatus file : volume.filesBelow(folder)) {
            if (file.getPath().getName().equals(DONE)) {
                epochs.add(Long.valueOf(file.getPath().getParent().getName()));
            }
        }
        return epochs;
    }

    private interface Work<T> {
        T with(Volume volume) throws IOException;
    }

    private <T> T access(Work<T> work) {
        try (Volume volume = Volume.of(folder, hadoop)) {
            return work.with(volume);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't read or write the claims of epochs in " + folder + ": " + e.getMessage(), e);
        }
    }
}
