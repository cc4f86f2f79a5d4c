package dev.rebound.operators.scoring;

import dev.rebound.schemas.ModelRelease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that scores, and the one before it to fall back to. A new version is loaded by a thread of its own and takes
 * over between two batches; one that can't be loaded is refused and changes nothing.
 */
final class ActiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveModel.class);

    private final ModelOpener opener;
    private final int maxUsers;
    private final int candidates;
    private final ExecutorService loader;
    private final Queue<Loading> loading = new ArrayDeque<>();
    private @Nullable Released current;
    private @Nullable Released previous;
    private long refused;

    /** A release and the model that was opened from it. */
    private record Released(ModelRelease release, RankingModel model) {}

    /** A release whose model is being opened. */
    private record Loading(ModelRelease release, CompletableFuture<RankingModel> opened) {}

    ActiveModel(ModelOpener opener, int maxUsers, int candidates) {
        this.opener = opener;
        this.maxUsers = maxUsers;
        this.candidates = candidates;
        this.loader = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "model-loader");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to load a release, after those that are still loading. */
    void load(ModelRelease release) {
        LOG.info("Loading model {} {} from {}", release.getModel(), release.getVersion(), release.getPackageUri());
        loading.add(new Loading(release, CompletableFuture.supplyAsync(() -> open(release), loader)));
    }

    private RankingModel open(ModelRelease release) {
        try {
            return opener.open(release, maxUsers, candidates);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Refused model " + release.getModel() + " " + release.getVersion() + " of "
                            + release.getPackageUri(),
                    e);
        }
    }

    /** Lets versions that have been loaded take over. Called between two batches. */
    void swap() {
        while (!loading.isEmpty() && loading.peek().opened().isDone()) {
            takeOver(loading.remove());
        }
    }

    boolean isLoading() {
        return !loading.isEmpty();
    }

    /** Waits until every version that is loading has taken over or was refused. */
    void awaitLoaded() {
        while (!loading.isEmpty()) {
            takeOver(loading.remove());
        }
    }

    private void takeOver(Loading loaded) {
        try {
            Released next = new Released(loaded.release(), loaded.opened().join());
            close(previous);
            previous = current;
            current = next;
            LOG.info("Model version {} scores from now on", next.model().version());
        } catch (CompletionException e) {
            refused++;
            LOG.error("The version that was serving goes on: {}", e.getMessage(), e);
        }
    }

    /**
     * The releases that make this up: the one before, the one that scores, those still loading. Loaded again in this
     * order they give the same; a refused one is not among them.
     */
    List<ModelRelease> releases() {
        List<ModelRelease> releases = new ArrayList<>();
        Stream.of(previous, current).filter(Objects::nonNull).forEach(each -> releases.add(each.release()));
        loading.forEach(each -> releases.add(each.release()));
        return releases;
    }

    /** The model that scores; null before the first release. */
    @Nullable
    RankingModel current() {
        return current == null ? null : current.model();
    }

    /** The model before; null where there was none. */
    @Nullable
    RankingModel previous() {
        return previous == null ? null : previous.model();
    }

    /** Releases that could not be loaded. */
    long refused() {
        return refused;
    }

    @Override
    public void close() {
        for (Loading each : loading) {
            var unused = each.opened().thenAccept(RankingModel::close);
        }
        loader.shutdown();
        close(current);
        close(previous);
    }

    private static void close(@Nullable Released released) {
        if (released != null) {
            released.model().close();
        }
    }
}
