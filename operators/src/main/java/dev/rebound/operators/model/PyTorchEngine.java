package dev.rebound.operators.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** The process-wide PyTorch engine, set up before its first use. */
public final class PyTorchEngine {
    private static final String GRAPH_OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

    private PyTorchEngine() {}

    /**
     * The engine for serving: one thread an operation, since Flink's subtasks are the parallelism, and no optimizer that
     * would start over with each new batch size. A setting on the JVM's command line wins.
     */
    public static Engine forServing() {
        return with("1");
    }

    /**
     * The engine for training, in a JVM of its own: half of the cores for each operation. Its threads wait for each other at
     * each of many small operations; with as many as there are cores, whatever else runs makes training ten times as slow.
     */
    public static Engine forTraining() {
        return with(Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));
    }

    /** Sets what libtorch keeps for each thread. A thread that did not set up the engine needs it before its first pass. */
    static void prepareThread() {
        JniUtils.setGraphExecutorOptimize(Boolean.parseBoolean(System.getProperty(GRAPH_OPTIMIZER)));
    }

    private static synchronized Engine with(String threads) {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
        setIfAbsent("ai.djl.pytorch.num_threads", threads);
        setIfAbsent(GRAPH_OPTIMIZER, "false");
        return Engine.getEngine("PyTorch");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
