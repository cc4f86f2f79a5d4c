package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.mirror.MirrorFence;
import dev.rebound.deploy.control.mirror.MirrorPositions;
import dev.rebound.deploy.control.mirror.OffsetSyncs;
import dev.rebound.deploy.site.KafkaCluster;
import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.mirror.SiteMirror;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** What copies the primary's topics to the standby, as a take-over needs it. */
public final class StandbyMirror {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SiteMirror process;
    private final KafkaCluster standby;
    private final String primary;

    /** @param primary name of the site that is copied from */
    public StandbyMirror(SiteMirror process, KafkaCluster standby, String primary) {
        this.process = process;
        this.standby = standby;
        this.primary = primary;
    }

    /**
     * Ends it for good: nothing of it is written to the standby afterwards, also if it was frozen or runs elsewhere. Does
     * nothing where it has ended.
     */
    public void stop() {
        process.stop(GRACE);
        MirrorFence.close(standby, primary);
    }

    /**
     * Starts one that has died again, and one of which a part has failed: that part would stay so.
     *
     * @param check throws where it may not be started
     */
    public void keepRunning(Site source, Runnable check, Progress output) {
        if (process.isRunning()) {
            process.problem().ifPresent(problem -> {
                output.progress("the mirror is started again, since " + problem);
                process.stop(GRACE);
            });
        }
        process.start(source, check);
    }

    /** Name of the site that is copied from. */
    String source() {
        return primary;
    }

    /** What keeps it from copying; empty if nothing does. */
    public Optional<String> problem() {
        return process.isRunning() ? process.problem() : Optional.of("it does not run");
    }

    /** Up to where it has copied, in the primary's offsets: the offset after the last record. */
    public Map<TopicPartition, Long> positions() {
        return MirrorPositions.read(standby, primary);
    }

    /** Offsets on the primary and those of the same records on the standby, as far as the mirror has told them. */
    public Map<TopicPartition, NavigableMap<Long, Long>> offsetSyncs() {
        return OffsetSyncs.read(standby, primary).all();
    }
}
