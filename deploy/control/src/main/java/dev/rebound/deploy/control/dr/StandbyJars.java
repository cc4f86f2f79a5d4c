package dev.rebound.deploy.control.dr;

import dev.rebound.deploy.control.savepoint.JobArchive;
import dev.rebound.deploy.control.savepoint.JobOrigin.KeptJar;
import dev.rebound.deploy.site.Site;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.Path;

/** The job jars that a take-over of a standby would start: no job of its own runs there that needs them. */
public final class StandbyJars {
    private StandbyJars() {}

    /** Their sums; none on a site that never stood by. */
    public static Set<String> inUse(Site standby) {
        Path root = standby.files().root();
        JobArchive archive = new JobArchive(root);
        return new StandbyCatalog(root)
                .all().stream()
                        .flatMap(point -> archive.origin(point.jobId()).stream())
                        .flatMap(job -> job.keptJar().stream())
                        .map(KeptJar::sha256)
                        .collect(Collectors.toSet());
    }
}
