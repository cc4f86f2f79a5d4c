package dev.rebound.deploy.control.savepoint;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.UndecodableRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;

/**
 * Reads the model releases out of the state of {@code scoring}: a broadcast state, of which every subtask has all. Its
 * keys are of whatever type the savepoint says; the values are encoded {@link ModelRelease} records.
 */
final class SavedReleases {
    /** Uid of the operator. */
    static final String UID = "scoring";

    private static final String STATE = "releases";

    private SavedReleases() {}

    /** The releases in the order in which the state has them; none if it has no such state. */
    static List<ModelRelease> read(OperatorState scoring, ClassLoader classes) throws IOException {
        for (OperatorSubtaskState subtask : scoring.getStates()) {
            for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                OperatorStateHandle.StateMetaInfo position =
                        handle.getStateNameToPartitionOffsets().get(STATE);
                if (position != null) {
                    return read(handle, position.getOffsets()[0], classes);
                }
            }
        }
        return List.of();
    }

    private static List<ModelRelease> read(OperatorStateHandle handle, long offset, ClassLoader classes)
            throws IOException {
        RecordCodec<ModelRelease> codec = RecordCodec.of(ModelRelease.class);
        List<ModelRelease> releases = new ArrayList<>();
        try (FSDataInputStream in = handle.openInputStream()) {
            DataInputViewStreamWrapper view = new DataInputViewStreamWrapper(in);
            OperatorBackendSerializationProxy head = new OperatorBackendSerializationProxy(classes);
            head.read(view);
            StateMetaInfoSnapshot state = head.getBroadcastStateMetaInfoSnapshots().stream()
                    .filter(each -> each.getName().equals(STATE))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the head of " + handle + " does not name " + STATE));
            TypeSerializer<?> keys = serializer(state, CommonSerializerKeys.KEY_SERIALIZER);
            TypeSerializer<?> values = serializer(state, CommonSerializerKeys.VALUE_SERIALIZER);
            in.seek(offset);
            for (int left = view.readInt(); left > 0; left--) {
                Object unused = keys.deserialize(view);
                releases.add(codec.decode((byte[]) values.deserialize(view), null));
            }
        } catch (UndecodableRecordException | ClassCastException e) {
            throw new IOException("the state '" + STATE + "' of " + UID + " holds no releases: " + e.getMessage(), e);
        }
        return releases;
    }

    private static TypeSerializer<?> serializer(StateMetaInfoSnapshot state, CommonSerializerKeys key)
            throws IOException {
        var snapshot = state.getTypeSerializerSnapshot(key);
        if (snapshot == null) {
            throw new IOException("the state '" + STATE + "' has no " + key);
        }
        return snapshot.restoreSerializer();
    }
}
