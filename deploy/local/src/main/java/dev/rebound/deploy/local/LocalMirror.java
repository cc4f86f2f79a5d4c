package dev.rebound.deploy.local;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.JvmCommand;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.StackLayout;
import dev.rebound.deploy.site.TopicSettings;
import dev.rebound.deploy.site.mirror.MirrorSettings;
import dev.rebound.deploy.site.mirror.MirrorStatus;
import dev.rebound.deploy.site.mirror.MirrorTopics;
import dev.rebound.deploy.site.mirror.SiteMirror;
import dev.rebound.deploy.site.topics.KafkaTopics;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** MirrorMaker as a process of this machine. It belongs to the site that it copies to, and ends with a stack of this machine. */
public final class LocalMirror implements SiteMirror {
    static final String NAME = "mirror";

    /** How long a copy of a site can be taken up that was made from the source when it stood so. */
    private static final Duration OFFSETS_ARE_TRANSLATED = Duration.ofDays(7);

    private final StackLayout layout;
    private final Site target;
    private final StackProcesses processes;

    LocalMirror(StackLayout layout, Site target) {
        this.layout = layout;
        this.target = target;
        this.processes = new StackProcesses(layout);
    }

    /** The one that copies to this site, running or not. */
    public static SiteMirror to(Site target) {
        StackLayout own = target instanceof LocalStack stack
                ? stack.layout()
                : new StackLayout(StackLayout.ofThisProcess().home(), target.scratch());
        return new LocalMirror(own, target);
    }

    @Override
    public void start(Site from, Runnable check) {
        if (from.name().equals(target.name())) {
            throw new CommandFailedException("The site " + from.name() + " can't be copied to itself");
        }
        processes.exclusively(() -> {
            check.run();
            if (!isRunning()) {
                MirrorSettings.write(from, target, folder());
                createOffsetSyncs(from);
            } else if (!source().orElseThrow().equals(from.name())) {
                throw new CommandFailedException(
                        "The mirror to " + target.name() + " copies from " + source().orElseThrow()
                                + ". Stop it first: rebound stack mirror stop --site " + target.name());
            }
            processes.start(List.of(new Component()), ProgressListener.SILENT);
            return null;
        });
    }

    /**
     * As MirrorMaker would, but that compaction leaves the entries of some days: an older copy of the state needs an older entry
     * than the newest.
     */
    private void createOffsetSyncs(Site from) {
        TopicSettings topics = target.topics();
        NewTopic syncs = new NewTopic(MirrorTopics.offsetSyncs(from.name()), 1, topics.replication())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        String.valueOf(OFFSETS_ARE_TRANSLATED.toMillis())));
        KafkaTopics.create(target.kafka(), syncs);
    }

    @Override
    public void stop(Duration grace) {
        processes.exclusively(() -> {
            process().terminate();
            process().awaitEnd(grace);
            return null;
        });
    }

    @Override
    public boolean isRunning() {
        return process().isAlive();
    }

    @Override
    public Optional<String> source() {
        Path file = MirrorSettings.file(folder());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            settings.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        }
        return Optional.of(settings.getProperty("clusters").split(",")[0]);
    }

    @Override
    public Optional<String> problem() {
        return new Component().problem();
    }

    @Override
    public Path log() {
        return process().logFile();
    }

    /** The process itself, for who kills or freezes it. */
    public ManagedProcess process() {
        return processes.named(NAME);
    }

    private Path folder() {
        return layout.conf().resolve(NAME);
    }

    /** Its command needs nothing but what {@link #start} wrote, so that the watchdog can start it again. */
    StackComponent component() {
        return new Component();
    }

    private final class Component implements StackComponent {
        @Override
        public String name() {
            return NAME;
        }

        /** It speaks to brokers, and nobody to it. */
        @Override
        public List<Integer> ports() {
            return List.of();
        }

        @Override
        public void prepare() {}

        @Override
        public JvmCommand command() {
            return new JvmCommand(
                    flags(),
                    List.of(layout.jars("mirror")),
                    "org.apache.kafka.connect.mirror.MirrorMaker",
                    List.of(MirrorSettings.file(folder()).toString()),
                    Map.of());
        }

        private List<String> flags() {
            List<String> flags = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC"));
            flags.addAll(JvmCommand.logFlags(layout, process().logFile()));
            return flags;
        }

        @Override
        public Optional<String> problem() {
            return process()
                    .startedAt()
                    .map(start -> MirrorStatus.problem(target.kafka(), source().orElseThrow(), start))
                    .orElse(Optional.of("it does not run"));
        }
    }
}
