package dev.rebound.operators.scoring;

import dev.rebound.operators.model.ModelOpener;
import dev.rebound.operators.model.RankingModel;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.operators.release.ReleasePlan;
import dev.rebound.operators.release.TrafficSplit;
import dev.rebound.schemas.ModelRelease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that the {@link ReleasePlan} needs, in memory: the live one, the one before it to fall back to, the canary,
 * the shadow, and the light one for overload. A version is loaded by a thread of its own and begins between two batches;
 * until then, and if it can't be loaded, whatever served goes on. A version that has nothing to do any more is freed at
 * once.
 *
 * <p>A package that is proven to be bad is refused for good. One that can't be opened now, since the registry is away or
 * another took the memory, stays in the plan and is tried again until it can be.
 */
final class ActiveReleases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveReleases.class);

    /** The first delay between two attempts; each is twice the one before, up to the last. */
    private static final long FIRST_DELAY_MILLIS = 500;

    private static final long LAST_DELAY_MILLIS = 5_000;

    private final ModelOpener opener;
    private final int maxUsers;
    private final int candidates;
    private final Listener listener;
    private final ExecutorService loader;
    private final ReleasePlan plan = new ReleasePlan();
    private final Map<String, ServingVersion> loaded = new HashMap<>();
    private final Map<String, Loading> loading = new LinkedHashMap<>();
    private final Map<String, Postponed> postponed = new HashMap<>();
    private @Nullable ServingVersion live;
    private @Nullable ServingVersion previous;
    private @Nullable ServingVersion canary;
    private @Nullable ServingVersion shadow;
    private @Nullable ServingVersion light;
    private TrafficSplit split = TrafficSplit.NOBODY;
    private long swaps;
    private long refused;

    /** A release whose model is being opened. */
    private record Loading(ModelRelease release, CompletableFuture<RankingModel> opened) {}

    /** A release whose model could not be opened, and is tried again. */
    private record Postponed(long delayMillis, long dueNanos) {
        static Postponed after(@Nullable Postponed before) {
            long delay = before == null ? FIRST_DELAY_MILLIS : Math.min(2 * before.delayMillis(), LAST_DELAY_MILLIS);
            return new Postponed(delay, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay));
        }

        boolean isDue() {
            return System.nanoTime() - dueNanos >= 0;
        }
    }

    /** Is told what becomes of versions. */
    interface Listener {
        /** A package was not accepted. */
        void refused(ModelRelease release, Throwable cause);

        /** A package could not be opened for now, and is tried again; told at each attempt. */
        void unavailable(ModelRelease release, Throwable cause);

        /** A version has nothing to do any more; its model is freed. */
        void dropped(ServingVersion version);
    }

    ActiveReleases(ModelOpener opener, int maxUsers, int candidates, Listener listener) {
        this.opener = opener;
        this.maxUsers = maxUsers;
        this.candidates = candidates;
        this.listener = listener;
        this.loader = Executors.newSingleThreadExecutor(ActiveReleases::loaderThread);
    }

    @SuppressWarnings("ThreadPriorityCheck") // no more than a hint: correctness does not rest on it
    private static Thread loaderThread(Runnable task) {
        Thread thread = new Thread(task, "model-loader");
        thread.setDaemon(true);
        // Where the system heeds it. libtorch uses no more than this one thread for it, by PyTorchEngine.
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    }

    /** Takes over what a checkpoint knew, and waits until all of it that can be loaded at once is. */
    void restore(Collection<ModelRelease> releases) {
        releases.forEach(plan::add);
        loadWhatIsNeeded();
        awaitLoaded();
    }

    /** Takes a release in; what is loaded already changes its part at once. Called between two batches. */
    void add(ModelRelease release) {
        if (plan.add(release)) {
            LOG.info(
                    "Model {} {} is to be {}, {} % of the users, by {}: {}",
                    release.getModel(),
                    release.getVersion(),
                    release.getStage(),
                    release.getTrafficPercent(),
                    release.getIssuedBy(),
                    release.getReason());
            loadWhatIsNeeded();
            assign();
        }
    }

    /** Lets versions that have been loaded begin. Called between two batches. */
    void swap() {
        if (!isLoading()) {
            return;
        }
        boolean changed = false;
        for (Loading each : List.copyOf(loading.values())) {
            if (each.opened().isDone()) {
                begin(each);
                changed = true;
            }
        }
        loadWhatIsNeeded();
        if (changed) {
            assign();
        }
    }

    /** Whether a version may begin later, without another release. */
    boolean isLoading() {
        return !loading.isEmpty() || !postponed.isEmpty();
    }

    /** Waits until every version that is needed has begun, was refused or has to be tried again later. */
    void awaitLoaded() {
        while (!loading.isEmpty()) {
            loading.values()
                    .forEach(each -> each.opened().exceptionally(e -> null).join());
            swap();
        }
    }

    private void loadWhatIsNeeded() {
        List<ModelRelease> needed = plan.needed();
        postponed
                .keySet()
                .retainAll(needed.stream().map(ActiveReleases::identity).collect(Collectors.toSet()));
        for (ModelRelease release : needed) {
            String identity = identity(release);
            Postponed later = postponed.get(identity);
            boolean waits = later != null && !later.isDue();
            if (!waits && !loaded.containsKey(identity) && !loading.containsKey(identity)) {
                LOG.info("Loading {} from {}", ReleasePlan.key(release), release.getPackageUri());
                loading.put(identity, new Loading(release, CompletableFuture.supplyAsync(() -> open(release), loader)));
            }
        }
    }

    private RankingModel open(ModelRelease release) {
        try {
            return opener.open(release, maxUsers, candidates);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private void begin(Loading done) {
        String identity = identity(done.release());
        loading.remove(identity);
        try {
            loaded.put(
                    identity, new ServingVersion(done.release(), done.opened().join()));
            postponed.remove(identity);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof PackageRefusedException) {
                refuse(done.release(), cause);
            } else {
                postpone(done.release(), cause);
            }
        }
    }

    private void refuse(ModelRelease release, Throwable cause) {
        refused++;
        postponed.remove(identity(release));
        LOG.error("Refused {}; what served goes on", ReleasePlan.key(release), cause);
        forget(release);
        listener.refused(release, cause);
    }

    private void postpone(ModelRelease release, Throwable cause) {
        boolean first = !postponed.containsKey(identity(release));
        postponed.compute(identity(release), (identity, before) -> Postponed.after(before));
        if (first) {
            LOG.error("Can't open {} now, and try again; what served goes on", ReleasePlan.key(release), cause);
        }
        listener.unavailable(release, cause);
    }

    /** A later release of the same package, such as the next stage, is refused with it. */
    private void forget(ModelRelease release) {
        for (ModelRelease each : plan.releases()) {
            if (identity(each).equals(identity(release))) {
                plan.remove(each);
            }
        }
    }

    private void assign() {
        ServingVersion before = live;
        List<ServingVersion> answering = plan.live().stream()
                .flatMap(release -> Optional.ofNullable(loaded.get(identity(release))).stream())
                .limit(2)
                .toList();
        live = answering.isEmpty() ? null : answering.get(0);
        previous = answering.size() < 2 ? null : answering.get(1);
        canary = loaded(plan.canary());
        shadow = loaded(plan.shadow());
        light = loaded(plan.light());
        split = canary == null
                ? TrafficSplit.NOBODY
                : new TrafficSplit(
                        canary.release().getVersion(),
                        plan.canary().orElseThrow().getTrafficPercent());
        if (live != null && live != before) {
            swaps++;
            LOG.info("Model version {} answers from now on", live.model().version());
        }
        dropWhatIsNotNeeded(answering);
    }

    private @Nullable ServingVersion loaded(Optional<ModelRelease> release) {
        return release.map(each -> loaded.get(identity(each))).orElse(null);
    }

    private void dropWhatIsNotNeeded(List<ServingVersion> answering) {
        Set<String> kept = new HashSet<>();
        plan.needed().forEach(release -> kept.add(identity(release)));
        answering.forEach(version -> kept.add(identity(version.release())));
        for (String identity : List.copyOf(loaded.keySet())) {
            if (!kept.contains(identity)) {
                ServingVersion version = loaded.remove(identity);
                listener.dropped(version);
                version.model().close();
            }
        }
    }

    /** Two releases of it are served by one model. */
    private static String identity(ModelRelease release) {
        return ReleasePlan.key(release) + "@" + release.getSha256() + "@" + release.getPackageUri();
    }

    /** What makes this up again after a restore; refused releases are not among it. */
    List<ModelRelease> releases() {
        return plan.releases();
    }

    /** Every version in memory. */
    Collection<ServingVersion> versions() {
        return new ArrayList<>(loaded.values());
    }

    /** What a version is released as now; what it was opened for where it is not any more. */
    ModelRelease released(ServingVersion version) {
        return plan.needed().stream()
                .filter(release -> identity(release).equals(identity(version.release())))
                .findFirst()
                .orElse(version.release());
    }

    /** The version that answers; null before the first release. */
    @Nullable
    ServingVersion live() {
        return live;
    }

    /** The live version before; null where there was none. */
    @Nullable
    ServingVersion previous() {
        return previous;
    }

    /** The version that answers the users of the {@link #split}. */
    @Nullable
    ServingVersion canary() {
        return canary;
    }

    /** The version that scores unseen. */
    @Nullable
    ServingVersion shadow() {
        return shadow;
    }

    /** The version that answers under overload. */
    @Nullable
    ServingVersion light() {
        return light;
    }

    /** Whom the canary answers; nobody where there is none. */
    TrafficSplit split() {
        return split;
    }

    /** How often another version became the live one. */
    long swaps() {
        return swaps;
    }

    /** Versions that are needed, could not be opened and are tried again. */
    int unavailable() {
        return postponed.size();
    }

    /** Releases that could not be loaded. */
    long refused() {
        return refused;
    }

    @Override
    public void close() {
        for (Loading each : loading.values()) {
            var unused = each.opened().thenAccept(RankingModel::close);
        }
        loader.shutdown();
        loaded.values().forEach(version -> version.model().close());
        loaded.clear();
    }
}
