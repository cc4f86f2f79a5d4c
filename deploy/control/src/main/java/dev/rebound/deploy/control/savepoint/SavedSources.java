package dev.rebound.deploy.control.savepoint;

import dev.rebound.schemas.Topic;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.kafka.common.TopicPartition;

/** Reads out of a checkpoint up to where its job had read each partition of its Kafka sources. */
public final class SavedSources {
    /** Where Flink's source operator keeps its splits. */
    private static final String STATE = "SourceReaderState";

    private static final KafkaPartitionSplitSerializer SPLITS = new KafkaPartitionSplitSerializer();
    private static final Set<String> SOURCES =
            Arrays.stream(Topic.values()).map(Topic::shortName).collect(Collectors.toSet());

    private SavedSources() {}

    /**
     * The next offset to read, by partition.
     *
     * @param folder of the checkpoint or savepoint, on any file system of Flink's
     * @throws IOException if it cannot be read, or holds no source
     */
    public static Map<TopicPartition, Long> of(Path folder) throws IOException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (OperatorState operator : OpenedSavepoint.metadata(folder).getOperatorStates()) {
            if (isSource(operator.getOperatorUid().orElse(""))) {
                for (OperatorSubtaskState subtask : operator.getStates()) {
                    for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                        read(handle, offsets);
                    }
                }
            }
        }
        if (offsets.isEmpty()) {
            throw new IOException(folder + " holds no offsets of the sources " + SOURCES);
        }
        return offsets;
    }

    private static boolean isSource(String uid) {
        return SOURCES.contains(uid.replaceFirst("-g[0-9]+$", ""));
    }

    private static void read(OperatorStateHandle handle, Map<TopicPartition, Long> offsets) throws IOException {
        OperatorStateHandle.StateMetaInfo splits =
                handle.getStateNameToPartitionOffsets().get(STATE);
        if (splits == null) {
            return;
        }
        try (FSDataInputStream in = handle.openInputStream()) {
            DataInputViewStreamWrapper view = new DataInputViewStreamWrapper(in);
            for (long position : splits.getOffsets()) {
                in.seek(position);
                KafkaPartitionSplit split = SimpleVersionedSerialization.readVersionAndDeSerialize(
                        SPLITS, BytePrimitiveArraySerializer.INSTANCE.deserialize(view));
                offsets.put(split.getTopicPartition(), split.getStartingOffset());
            }
        }
    }
}
