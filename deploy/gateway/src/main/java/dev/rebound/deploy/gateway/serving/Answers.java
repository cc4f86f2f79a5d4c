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
 * keep being late nobody waits for them; now and then one request does, to see whether they are back.
 */
public final class Answers {
    private static final int LATE = 20;
    private static final int OF_THE_LAST = 40;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final LiveAnswers live;
    private final LocalAnswers local;
    private final Executor threads;
    private final CircuitBreaker<Object> patience = CircuitBreaker.builder()
            .withFailureThreshold(LATE, OF_THE_LAST)
            .withDelay(LOOK_AGAIN)
            .withSuccessThreshold(1)
            .build();

    /** @param threads on which answers are made from what is held here, and results are handed on */
    public Answers(LiveAnswers live, LocalAnswers local, Executor threads) {
        this.live = live;
        this.local = local;
        this.threads = threads;
    }

    /**
     * @param request valid, and unlike any before by its id
     * @param deadline by when the result is there
     */
    public CompletableFuture<Answer> answer(RecommendationRequest request, Duration deadline) {
        if (!patience.tryAcquirePermit()) {
            return CompletableFuture.supplyAsync(() -> local.answer(request), threads);
        }
        CompletableFuture<@Nullable Recommendation> asked = live.ask(request);
        return asked.completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(away -> null)
                .thenApplyAsync(made -> answer(request, made), threads);
    }

    private Answer answer(RecommendationRequest request, @Nullable Recommendation made) {
        if (made == null) {
            patience.recordFailure();
            return local.answer(request);
        }
        patience.recordSuccess();
        return Answer.live(made, request.getRequestId());
    }

    /** Whether live answers are waited for. */
    public boolean waitsForLive() {
        return !patience.isOpen();
    }
}
