package dev.rebound.operators.scoring;

import dev.rebound.schemas.ModelRelease;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private final Queue<CompletableFuture<RankingModel>> loading = new ArrayDeque<>();
    private @Nullable RankingModel current;
    private @Nullable RankingModel previous;
    private long refused;

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
        loading.add(CompletableFuture.supplyAsync(() -> open(release), loader));
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
        while (!loading.isEmpty() && loading.peek().isDone()) {
            takeOver(loading.remove());
        }
    }

    /** Waits until every version that is loading has taken over or was refused. */
    void awaitLoaded() {
        while (!loading.isEmpty()) {
            takeOver(loading.remove());
        }
    }

    private void takeOver(CompletableFuture<RankingModel> loaded) {
        try {
            RankingModel next = loaded.join();
            closeQuietly(previous);
            previous = current;
            current = next;
            LOG.info("Model version {} scores from now on", next.version());
        } catch (CompletionException e) {
            refused++;
            LOG.error("The version that was serving goes on: {}", e.getMessage(), e);
        }
    }

    /** The model that scores; null before the first release. */
    @Nullable
    RankingModel current() {
        return current;
    }

    /** The model before; null where there was none. */
    @Nullable
    RankingModel previous() {
        return previous;
    }

    /** Releases that could not be loaded. */
    long refused() {
        return refused;
    }

    @Override
    public void close() {
        loading.forEach(ActiveModel::closeWhenLoaded);
        loader.shutdown();
        closeQuietly(current);
        closeQuietly(previous);
    }

    private static void closeWhenLoaded(CompletableFuture<RankingModel> loading) {
        var unused = loading.thenAccept(RankingModel::close);
    }

    private static void closeQuietly(@Nullable RankingModel model) {
        if (model != null) {
            model.close();
        }
    }
}
