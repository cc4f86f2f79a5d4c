package dev.rebound.deploy.ops.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
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
import org.apache.hadoop.fs.Path;

/** The files that a checkpoint or savepoint needs, as its metadata, read by Flink's own loader, names them. */
final class CheckpointReferences {
    private CheckpointReferences() {}

    /**
     * @param metadata the {@code _metadata} file
     * @param folder that it lies in, or is to be thought in: relative references begin there
     * @throws IOException if Flink cannot read it, or it holds a kind of state whose files are not known here
     */
    static Set<Path> of(InputStream metadata, Path folder) throws IOException {
        CheckpointMetadata checkpoint = Checkpoints.loadCheckpointMetadata(
                new DataInputStream(metadata), CheckpointReferences.class.getClassLoader(), folder.toString());
        Set<Path> files = new LinkedHashSet<>();
        for (OperatorState operator : checkpoint.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (StateObject state : states(subtask)) {
                    for (StreamStateHandle stream : streams(state)) {
                        file(stream).map(path -> new Path(path.toUri())).ifPresent(files::add);
                    }
                }
            }
        }
        return files;
    }

    private static Iterable<StateObject> states(OperatorSubtaskState subtask) {
        return Stream.of(
                        subtask.getManagedOperatorState(),
                        subtask.getRawOperatorState(),
                        subtask.getManagedKeyedState(),
                        subtask.getRawKeyedState(),
                        subtask.getInputChannelState(),
                        subtask.getResultSubpartitionState())
                .flatMap(collection -> collection.stream().map(StateObject.class::cast))
                .toList();
    }

    private static Iterable<StreamStateHandle> streams(StateObject state) throws IOException {
        if (state instanceof KeyGroupsStateHandle keyed) {
            return Set.of(keyed.getDelegateStateHandle());
        }
        if (state instanceof IncrementalRemoteKeyedStateHandle incremental) {
            return incremental.streamSubHandles().toList();
        }
        if (state instanceof OperatorStateHandle operator) {
            return Set.of(operator.getDelegateStateHandle());
        }
        if (state instanceof AbstractChannelStateHandle<?> channel) {
            return Set.of(channel.getDelegate());
        }
        if (state instanceof AbstractMergedChannelStateHandle<?, ?> channels) {
            return Set.of(channels.getDelegate());
        }
        throw unknown(state);
    }

    /** Empty for state that is in the metadata itself. */
    private static Optional<org.apache.flink.core.fs.Path> file(StreamStateHandle stream) throws IOException {
        if (stream instanceof EmptySegmentFileStateHandle) {
            return Optional.empty();
        }
        if (stream instanceof SegmentFileStateHandle segment) {
            return Optional.of(segment.getFilePath());
        }
        if (stream.maybeGetPath().isPresent()) {
            return stream.maybeGetPath();
        }
        if (stream.asBytesIfInMemory().isPresent()) {
            return Optional.empty();
        }
        throw unknown(stream);
    }

    /** To leave a file out silently would make a backup that cannot be restored. */
    private static IOException unknown(StateObject state) {
        return new IOException("its metadata refers to state by "
                + state.getClass().getName() + ", whose files this version does not know");
    }
}
