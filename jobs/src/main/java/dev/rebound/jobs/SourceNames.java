package dev.rebound.jobs;

import dev.rebound.schemas.Topic;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Under which names the sources of a job keep their offsets.
 *
 * <p>Offsets are of one cluster. A job that goes on from its state on another one begins a new generation of sources, which
 * know nothing of the offsets of the one before, and start where {@link StartingOffsets} says.
 *
 * @param generation 0 for the first, whose names have no number
 */
public record SourceNames(int generation) {
    private static final Pattern UID = Pattern.compile("([a-z-]+?)(-g[0-9]+)?");
    private static final Map<String, Topic> TOPICS =
            Arrays.stream(Topic.values()).collect(Collectors.toMap(Topic::shortName, Function.identity()));

    /** The uid of a source. */
    public String uid(Topic topic) {
        return generation == 0 ? topic.shortName() : topic.shortName() + "-g" + generation;
    }

    /** Whether an operator of this uid is a source, of any generation. */
    public static boolean isPartOfSource(String uid) {
        return topicOf(uid).isPresent();
    }

    /** What a source of this uid reads, whatever its generation; empty if it is no source. */
    public static Optional<Topic> topicOf(String uid) {
        Matcher matcher = UID.matcher(uid);
        return matcher.matches() ? Optional.ofNullable(TOPICS.get(matcher.group(1))) : Optional.empty();
    }
}
