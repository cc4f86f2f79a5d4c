package dev.rebound.operators.scoring;

import dev.rebound.operators.user.ScoringTask;
import dev.rebound.operators.user.ScoringTaskSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * The tasks that came before what they need, in the order of each user. In keyed state: on disk, so that all of a backlog has
 * room while a large catalog comes, and with its user wherever a rescaled job goes on, so that nothing of a user is sent after
 * the tombstones of an erasure. About 500 bytes a task. Owned by one scoring task.
 */
final class WaitingTasks {
    /** Works on a task that waited. */
    interface Consumer {
        void accept(ScoringTask task) throws Exception;
    }

    private final KeyedStateBackend<String> backend;
    private final ListStateDescriptor<ScoringTask> descriptor = descriptor();
    private final ListState<ScoringTask> ofUser;
    /** Whether there may be some; a restored state may hold some. */
    private boolean any = true;

    WaitingTasks(KeyedStateBackend<String> backend) throws Exception {
        this.backend = backend;
        this.ofUser = backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    private static ListStateDescriptor<ScoringTask> descriptor() {
        return new ListStateDescriptor<>("waiting-tasks-by-user", new ScoringTaskSerializer());
    }

    /** Adds a task of the backend's current key. */
    void add(ScoringTask task) throws Exception {
        ofUser.add(task);
        any = true;
    }

    /** Whether a task of the backend's current key has to wait for others of it. */
    boolean waitsFor(ScoringTask task) throws Exception {
        Iterable<ScoringTask> others = any ? ofUser.get() : null;
        return others != null && isBehind(task, others);
    }

    /** An erasure neither overtakes nor is overtaken: its tombstones are for what is before them. */
    private static boolean isBehind(ScoringTask task, Iterable<ScoringTask> others) {
        for (ScoringTask other : others) {
            if (task.kind == ScoringTask.Kind.ERASURE || other.kind == ScoringTask.Kind.ERASURE) {
                return true;
            }
        }
        return false;
    }

    /** Works on the tasks that are ready. Changes the backend's current key. */
    void release(Predicate<ScoringTask> ready, Consumer consumer) throws Exception {
        any = false;
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                descriptor,
                (String user, ListState<ScoringTask> tasks) -> release(tasks, ready, consumer));
    }

    private void release(ListState<ScoringTask> tasks, Predicate<ScoringTask> ready, Consumer consumer)
            throws Exception {
        List<ScoringTask> left = new ArrayList<>();
        for (ScoringTask task : tasks.get()) {
            if (ready.test(task) && !isBehind(task, left)) {
                consumer.accept(task);
            } else {
                left.add(task);
            }
        }
        tasks.update(left);
        any |= !left.isEmpty();
    }
}
