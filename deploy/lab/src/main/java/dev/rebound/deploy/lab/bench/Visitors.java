package dev.rebound.deploy.lab.bench;

import dev.rebound.operators.item.ItemSignal;
import dev.rebound.operators.training.OfflinePipeline;
import dev.rebound.operators.training.SignalListener;
import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.UserSignal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Learns a feed as a job does, and then has each of its users ask for the home page. */
public final class Visitors implements SignalListener {
    private static final int PAGE = 10;

    private final OfflinePipeline pipeline = new OfflinePipeline();
    private final Set<String> users = new LinkedHashSet<>();
    private long latestMillis;

    @Override
    public void catalog(ItemSignal item) {
        pipeline.catalog(item);
    }

    @Override
    public void event(UserSignal event) {
        if (event.kind == UserSignal.Kind.EVENT && pipeline.isNew(event)) {
            pipeline.learn(event);
            users.add(event.userId);
            latestMillis = Math.max(latestMillis, event.timeMillis);
        }
    }

    /** What was learned. */
    public OfflinePipeline pipeline() {
        return pipeline;
    }

    /** Event time of the latest event, at which all of them ask. */
    public long latestMillis() {
        return latestMillis;
    }

    /** Requests of those of whom something is known, in batches. */
    public List<List<ScoringTask>> requests(int batchSize) {
        List<ScoringTask> requests = users.stream()
                .filter(user -> pipeline.user(user).recent.size() > 0)
                .map(this::request)
                .toList();
        List<List<ScoringTask>> batches = new ArrayList<>();
        for (int from = 0; from + batchSize <= requests.size(); from += batchSize) {
            batches.add(requests.subList(from, from + batchSize));
        }
        return batches;
    }

    private ScoringTask request(String userId) {
        ScoringTask task = new ScoringTask();
        task.kind = ScoringTask.Kind.REQUEST;
        task.userId = userId;
        task.triggerId = "home-" + userId;
        task.count = PAGE;
        task.timeMillis = latestMillis;
        task.features(pipeline.user(userId));
        return task;
    }
}
