package dev.rebound.deploy.ops.savepoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;

/** The files that state handles point at, and the least length that each must have. */
final class StateFiles {
    private final Map<Path, Long> lengths = new LinkedHashMap<>();
    private final Set<String> unknown = new HashSet<>();

    void addAllOf(OperatorState operator) {
        for (OperatorSubtaskState subtask : operator.getStates()) {
            for (StateObject handle : handles(subtask)) {
                add(handle);
            }
        }
    }

    private static List<StateObject> handles(OperatorSubtaskState subtask) {
        return Stream.of(
                        subtask.getManagedOperatorState(),
                        subtask.getRawOperatorState(),
                        subtask.getManagedKeyedState(),
                        subtask.getRawKeyedState(),
                        subtask.getInputChannelState(),
                        subtask.getResultSubpartitionState())
                .<StateObject>flatMap(handles -> handles.stream())
                .toList();
    }

    private void add(StateObject handle) {
        if (handle instanceof KeyGroupsStateHandle keyed) {
            add(keyed.getDelegateStateHandle());
        } else if (handle instanceof OperatorStateHandle operator) {
            add(operator.getDelegateStateHandle());
        } else if (handle instanceof AbstractChannelStateHandle<?> channel) {
            add(channel.getDelegate());
        } else if (handle instanceof IncrementalRemoteKeyedStateHandle incremental) {
            add(incremental.getMetaDataStateHandle());
            Stream.concat(incremental.getSharedState().stream(), incremental.getPrivateState().stream())
                    .map(HandleAndLocalPath::getHandle)
                    .forEach(this::add);
        } else if (handle instanceof SegmentFileStateHandle segment) {
            need(segment.getFilePath(), segment.getStartPos() + segment.getStateSize());
        } else if (handle instanceof StreamStateHandle stream
                && stream.maybeGetPath().isPresent()) {
            need(stream.maybeGetPath().get(), stream.getStateSize());
        } else if (!(handle instanceof StreamStateHandle stream
                && stream.asBytesIfInMemory().isPresent())) {
            unknown.add(handle.getClass().getSimpleName());
        }
    }

    private void need(Path file, long length) {
        lengths.merge(file, length, Math::max);
    }

    /** What all of them have together, in bytes. */
    long bytes() {
        return lengths.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Looks at every file, and adds what is wrong. */
    void check(List<String> problems) {
        for (String type : unknown) {
            problems.add("it has state of the kind " + type + ", which this version can't check");
        }
        lengths.forEach((file, length) -> {
            try {
                long actual = file.getFileSystem().getFileStatus(file).getLen();
                if (actual < length) {
                    problems.add(file + " has " + actual + " bytes, must have " + length);
                }
            } catch (FileNotFoundException e) {
                problems.add(file + " is missing");
            } catch (IOException e) {
                problems.add(file + " can't be looked at: " + e.getMessage());
            }
        });
    }
}
