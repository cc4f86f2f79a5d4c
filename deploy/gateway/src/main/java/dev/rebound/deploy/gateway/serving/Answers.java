package dev.rebound.deploy.gateway.serving;

import dev.failsafe.CircuitBreaker;
import dev.rebound.deploy.gateway.answer.Answer;
import dev.rebound.deploy.gateway.live.LiveAnswers;
import dev.rebound.deploy.gateway.local.LocalAnswers;
import dev.rebound.schemas.Recommendation;
import dev.rebound.schemas.RecommendationRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers each request in time: live where that comes within the deadline, else from what the gateway holds. Where live answers
 * keep being late nobody waits for them; now and then one request does, to see whether they are back. Late is what takes longer
 * than the usual deadline, or than that of the request where it is longer: who is in a hurry says nothing of the job.
 */
public final class Answers {
    private static final int LATE = 20;
    private static final int OF_THE_LAST = 40;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final LiveAnswers live;
    private final LocalAnswers local;
    private final Executor threads;
    private final Duration usual;
    private final CircuitBreaker<Object> patience = CircuitBreaker.builder()
            .withFailureThreshold(LATE, OF_THE_LAST)
            .withDelay(LOOK_AGAIN)
            .withSuccessThreshold(1)
            .build();

    /**
     * @param threads on which answers are made from what is held here, and results are handed on
     * @param usual deadline
     */
    public Answers(LiveAnswers live, LocalAnswers local, Executor threads, Duration usual) {
        this.live = live;
        this.local = local;
        this.threads = threads;
        this.usual = usual;
    }

    /**
     * @param request valid, and unlike any before by its id
     * @param deadline by when the result is there
     */
    public CompletableFuture<Answer> answer(RecommendationRequest request, Duration deadline) {
        if (!patience.tryAcquirePermit()) {
            return CompletableFuture.supplyAsync(() -> local.answer(request), threads);
        }
        CompletableFuture<Recommendation> asked = ask(request, deadline.compareTo(usual) > 0 ? deadline : usual);
        CompletableFuture<@Nullable Recommendation> inTime = asked.copy();
        return inTime.completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(away -> null)
                .thenApplyAsync(
                        made -> made == null ? local.answer(request) : Answer.live(made, request.getRequestId()),
                        threads);
    }

    /** Each permit is answered for, or the last one would never come back. */
    private CompletableFuture<Recommendation> ask(RecommendationRequest request, Duration longest) {
        CompletableFuture<Recommendation> asked;
        try {
            asked = live.ask(request);
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        var unused = asked.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS).whenComplete((made, failure) -> {
            if (failure == null) {
                patience.recordSuccess();
            } else {
                patience.recordFailure();
            }
        });
        return asked;
    }

    /** Whether live answers are waited for. */
    public boolean waitsForLive() {
        return patience.isClosed();
    }
}
