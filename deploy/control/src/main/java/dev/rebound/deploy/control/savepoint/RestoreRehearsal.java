package dev.rebound.deploy.control.savepoint;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.security.SecurityConfiguration;
import org.apache.flink.runtime.security.SecurityUtils;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Lays the dataflow of a job jar without running it, and lets the jar's own classes read what a savepoint says of its
 * state.
 *
 * <p>Runs in a process of its own with the class path of Flink's command line, so that the jar meets the libraries that it
 * meets on the cluster and none of this command's.
 */
public final class RestoreRehearsal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClassLoader classes;
    private final List<String> problems = new ArrayList<>();

    private RestoreRehearsal(ClassLoader classes) {
        this.classes = classes;
    }

    /**
     * What is to be rehearsed.
     *
     * @param mainClass null for the jar's own
     * @param arguments of the job's main
     * @param savepoint folder of the savepoint or checkpoint
     * @param modelPackages folders of the models that must go on scoring
     */
    public record Request(
            String jar,
            @Nullable String mainClass,
            List<String> arguments,
            String savepoint,
            List<String> modelPackages) {}

    /** An operator of the job. */
    public record PlannedOperator(String uid, String name, String operatorId, int parallelism, int maxParallelism) {}

    /** @param problems what the jar can't read, or that it has no dataflow */
    public record Result(List<PlannedOperator> operators, List<String> problems) {}

    /** Reads a {@link Request} from the first file and writes a {@link Result} to the second, both as JSON. */
    public static void main(String[] files) throws Exception {
        Request request = JSON.readValue(new File(files[0]), Request.class);
        Configuration configuration = GlobalConfiguration.loadConfiguration();
        // As Flink's command line does: where files ask for Kerberos, the savepoint is read with the login of the
        // settings.
        SecurityUtils.install(new SecurityConfiguration(configuration));
        Result result = SecurityUtils.getInstalledContext().runSecured(() -> rehearse(request, configuration));
        JSON.writeValue(new File(files[1]), result);
    }

    private static Result rehearse(Request request, Configuration configuration) throws IOException {
        try (PackagedProgram program = PackagedProgram.newBuilder()
                .setJarFile(new File(request.jar()))
                .setEntryPointClassName(request.mainClass())
                .setArguments(request.arguments().toArray(String[]::new))
                .setConfiguration(configuration)
                .build()) {
            StreamGraph graph = (StreamGraph) PackagedProgramUtils.getPipelineFromProgram(
                    program, configuration, configuration.get(CoreOptions.DEFAULT_PARALLELISM), true);
            List<PlannedOperator> operators = operators(graph, program.getUserCodeClassLoader());
            RestoreRehearsal rehearsal = new RestoreRehearsal(program.getUserCodeClassLoader());
            rehearsal.readStates(new Path(request.savepoint()), operators);
            request.modelPackages().forEach(rehearsal::readModel);
            return new Result(operators, rehearsal.problems);
        } catch (ProgramInvocationException e) {
            String why = ExceptionUtils.findThrowable(e, IllegalArgumentException.class)
                    .map(Throwable::getMessage)
                    .orElseGet(() -> ExceptionUtils.stringifyException(e));
            return new Result(List.of(), List.of("the jar lays no dataflow: " + why));
        }
    }

    private static List<PlannedOperator> operators(StreamGraph graph, ClassLoader classes) {
        List<PlannedOperator> operators = new ArrayList<>();
        for (JobVertex vertex : graph.getJobGraph(classes).getVertices()) {
            for (OperatorIDPair id : vertex.getOperatorIDs()) {
                operators.add(new PlannedOperator(
                        id.getUserDefinedOperatorUid() == null ? "" : id.getUserDefinedOperatorUid(),
                        id.getUserDefinedOperatorName() == null ? "" : id.getUserDefinedOperatorName(),
                        id.getUserDefinedOperatorID()
                                .orElse(id.getGeneratedOperatorID())
                                .toHexString(),
                        vertex.getParallelism(),
                        vertex.getMaxParallelism()));
            }
        }
        return operators;
    }

    private void readStates(Path savepoint, List<PlannedOperator> operators) throws IOException {
        Map<String, PlannedOperator> byId =
                operators.stream().collect(Collectors.toMap(PlannedOperator::operatorId, each -> each, (a, b) -> a));
        for (OperatorState operator : OpenedSavepoint.metadata(savepoint).getOperatorStates()) {
            PlannedOperator planned = byId.get(operator.getOperatorID().toHexString());
            if (planned != null) {
                states(operator, planned.uid()).values().forEach(state -> check(planned.uid(), state));
            }
        }
    }

    /** By name; every subtask describes the same. */
    private Map<String, StateMetaInfoSnapshot> states(OperatorState operator, String uid) {
        Map<String, StateMetaInfoSnapshot> states = new LinkedHashMap<>();
        try {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    OperatorBackendSerializationProxy head = new OperatorBackendSerializationProxy(classes);
                    try (InputStream in = handle.openInputStream()) {
                        head.read(new DataInputViewStreamWrapper(in));
                    }
                    head.getOperatorStateMetaInfoSnapshots().forEach(state -> states.put(state.getName(), state));
                    head.getBroadcastStateMetaInfoSnapshots().forEach(state -> states.put(state.getName(), state));
                }
                for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
                    StreamStateHandle description = description(handle);
                    if (description != null) {
                        KeyedBackendSerializationProxy<?> head = new KeyedBackendSerializationProxy<>(classes);
                        try (InputStream in = description.openInputStream()) {
                            head.read(new DataInputViewStreamWrapper(in));
                        }
                        head.getStateMetaInfoSnapshots().forEach(state -> states.put(state.getName(), state));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            problems.add("the state of '" + uid + "' can't be read by this jar: " + e.getMessage());
        }
        return states;
    }

    private static @Nullable StreamStateHandle description(KeyedStateHandle handle) {
        if (handle instanceof KeyGroupsStateHandle full) {
            return full.getDelegateStateHandle();
        }
        return handle instanceof IncrementalRemoteKeyedStateHandle incremental
                ? incremental.getMetaDataStateHandle()
                : null;
    }

    private void check(String uid, StateMetaInfoSnapshot state) {
        state.getSerializerSnapshotsImmutable().forEach((role, snapshot) -> {
            try {
                if (!isReadable(snapshot)) {
                    problems.add("the state '" + state.getName() + "' of '" + uid
                            + "' was written in a format that this jar can't read ("
                            + snapshot.restoreSerializer().getClass().getSimpleName() + ")");
                }
            } catch (RuntimeException e) {
                problems.add("the state '" + state.getName() + "' of '" + uid + "' has a serializer that this jar can't"
                        + " make: " + e.getMessage());
            }
        });
    }

    private static <T> boolean isReadable(TypeSerializerSnapshot<T> written) {
        TypeSerializer<T> serializer = written.restoreSerializer();
        return !serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(written)
                .isIncompatible();
    }

    /** The jar's own rule decides whether it can feed a model. */
    private void readModel(String packageFolder) {
        Path manifest = new Path(packageFolder, "model.json");
        try (InputStream in = manifest.getFileSystem().open(manifest)) {
            Class<?> type = Class.forName("dev.rebound.operators.release.ModelManifest", true, classes);
            Object model = type.getMethod("fromJson", byte[].class).invoke(null, (Object) in.readAllBytes());
            Method rule = type.getMethod("requireServable", String.class);
            rule.invoke(model, packageFolder);
        } catch (InvocationTargetException e) {
            problems.add("the model in the savepoint can't score with this jar: "
                    + e.getCause().getMessage());
        } catch (IOException | ReflectiveOperationException e) {
            problems.add("whether the model " + packageFolder + " can score with this jar is unknown: " + e);
        }
    }
}
