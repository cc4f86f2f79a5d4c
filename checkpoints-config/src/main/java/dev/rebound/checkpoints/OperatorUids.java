package dev.rebound.checkpoints;

import java.util.List;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;

/** Looks for operators whose state Flink could not find again after a change of the job. */
public final class OperatorUids {
    private OperatorUids() {}

    /** Names of the operators of a job that have no uid, for {@link CheckedSettings#withOperatorsWithoutUid}. */
    public static List<String> missing(StreamGraph job) {
        return job.getStreamNodes().stream()
                .filter(node -> node.getTransformationUID() == null && node.getUserHash() == null)
                .map(StreamNode::getOperatorName)
                .sorted()
                .toList();
    }
}
