package dev.rebound.deploy.control.savepoint;

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
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.AbstractMergedChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.EmptySegmentFileStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;

/** The files that the state handles of a checkpoint or savepoint point at, and the least length that each must have. */
public final class StateFiles {
    private final Map<Path, Long> lengths = new LinkedHashMap<>();
    private final Set<String> unknown = new HashSet<>();

    private StateFiles() {}

    public static StateFiles of(CheckpointMetadata metadata) {
        StateFiles files = new StateFiles();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                handles(subtask).forEach(files::add);
            }
        }
        return files;
    }

    private static Stream<StateObject> handles(OperatorSubtaskState subtask) {
        return Stream.of(
                        subtask.getManagedOperatorState(),
                        subtask.getRawOperatorState(),
                        subtask.getManagedKeyedState(),
                        subtask.getRawKeyedState(),
                        subtask.getInputChannelState(),
                        subtask.getResultSubpartitionState())
                .flatMap(handles -> handles.stream());
    }

    private void add(StateObject handle) {
        if (handle instanceof KeyGroupsStateHandle keyed) {
            addStream(keyed.getDelegateStateHandle());
        } else if (handle instanceof IncrementalRemoteKeyedStateHandle incremental) {
            incremental.streamSubHandles().forEach(this::addStream);
        } else if (handle instanceof OperatorStateHandle operator) {
            addStream(operator.getDelegateStateHandle());
        } else if (handle instanceof AbstractChannelStateHandle<?> channel) {
            addStream(channel.getDelegate());
        } else if (handle instanceof AbstractMergedChannelStateHandle<?, ?> channels) {
            addStream(channels.getDelegate());
        } else {
            unknown.add(handle.getClass().getName());
        }
    }

    /** State without a file is in the metadata itself. */
    private void addStream(StreamStateHandle stream) {
        if (stream instanceof SegmentFileStateHandle segment) {
            if (!(segment instanceof EmptySegmentFileStateHandle)) {
                need(segment.getFilePath(), segment.getStartPos() + segment.getStateSize());
            }
        } else if (stream.maybeGetPath().isPresent()) {
            need(stream.maybeGetPath().get(), stream.getStateSize());
        } else if (stream.asBytesIfInMemory().isEmpty()) {
            unknown.add(stream.getClass().getName());
        }
    }

    private void need(Path file, long length) {
        lengths.merge(file, length, Math::max);
    }

    /** All of them. */
    public Set<Path> paths() {
        return lengths.keySet();
    }

    /** Classes of handles whose files this version does not know. */
    public Set<String> unknown() {
        return unknown;
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
