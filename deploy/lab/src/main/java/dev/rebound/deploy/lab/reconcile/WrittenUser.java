package dev.rebound.deploy.lab.reconcile;

import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came out of a user. */
final class WrittenUser {
    final String name;
    final Map<String, WrittenList> byRequest = new Object2ObjectOpenHashMap<>(2);
    final Map<String, WrittenList> byEvent = new Object2ObjectOpenHashMap<>(2);
    final Map<String, WrittenList> responses = new Object2ObjectOpenHashMap<>(2);
    /** By the request whose answer they are of. */
    final Map<String, WrittenExamples> examples = new Object2ObjectOpenHashMap<>(2);

    /** The newest profile as it was encoded, since it is smaller so; null where there is none, or was erased. */
    byte @Nullable [] profile;

    /** Among the recommendations. */
    int tombstones;

    int tombstonesInExamples;

    WrittenUser(String name) {
        this.name = name;
    }

    Map<String, WrittenList> lists(boolean ofRequests) {
        return ofRequests ? byRequest : byEvent;
    }
}
