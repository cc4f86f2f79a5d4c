package dev.rebound.deploy.ops.reconcile;

import dev.rebound.deploy.ops.reconcile.Expectation.GivenFeedback;
import dev.rebound.schemas.EventType;
import dev.rebound.schemas.TrainingExample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The training examples that came out, as far as they are checked: each once, and none says what nobody did. */
final class WrittenExamples {
    private final Set<Shown> shown = new HashSet<>();
    private final Set<GivenFeedback> learned = new HashSet<>();
    private final Set<String> erasedUsers = new HashSet<>();
    private final boolean dropsRepeats;
    private final Set<Shown> replayed = new HashSet<>();
    private boolean replays;
    private long repeated;

    WrittenExamples(boolean dropsRepeats) {
        this.dropsRepeats = dropsRepeats;
    }

    /** Until {@link #endReplay}, each may come once more: a job writes again what the one before it wrote. */
    void beginReplay() {
        replayed.clear();
        replays = true;
    }

    void endReplay() {
        replays = false;
    }

    private record Shown(String recommendationId, String itemId) {}

    void add(TrainingExample example) {
        Shown list = new Shown(example.getRecommendationId(), example.getItemId());
        if (!shown.add(list)) {
            if (dropsRepeats || (replays && replayed.add(list))) {
                return;
            }
            repeated++;
        }
        if (example.getAction() != EventType.UNKNOWN) {
            learned.add(new GivenFeedback(example.getRequestId(), example.getItemId(), example.getAction()));
        }
    }

    void erased(String userId) {
        erasedUsers.add(userId);
    }

    long count() {
        return shown.size() + repeated;
    }

    /** What is wrong with them. */
    List<String> findings(Expectation expected) {
        List<String> findings = new ArrayList<>();
        if (repeated > 0) {
            findings.add(repeated + " training examples came again");
        }
        List<GivenFeedback> madeUp = learned.stream()
                .filter(each -> !expected.feedback().contains(each))
                .toList();
        if (!madeUp.isEmpty()) {
            findings.add(madeUp.size() + " training examples say what nobody did, such as " + madeUp.get(0));
        }
        long without = expected.erasedUsers().stream()
                .filter(user -> !erasedUsers.contains(user))
                .count();
        if (without > 0) {
            findings.add(without + " erased users have no tombstone in training-examples");
        }
        return findings;
    }
}
