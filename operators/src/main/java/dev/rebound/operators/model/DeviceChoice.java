package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where models run. */
public enum DeviceChoice {
    /** The GPU where there is one, else the CPU, and the log says which. */
    AUTO,
    CPU,
    /** The GPU, or an error. */
    GPU;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);

    /**
     * Reads an option's value.
     *
     * @throws IllegalArgumentException if it is none of auto, cpu, gpu
     */
    public static DeviceChoice parse(String text) {
        try {
            return valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("scoring.device " + text + " is none of auto, cpu, gpu", e);
        }
    }

    /**
     * The device to load models to.
     *
     * @throws IllegalStateException if a GPU was asked for and the engine sees none
     */
    public Device resolve(Engine engine) {
        if (this == CPU) {
            return Device.cpu();
        }
        if (engine.getGpuCount() > 0) {
            return Device.gpu();
        }
        if (this == GPU) {
            throw new IllegalStateException(
                    "scoring.device is gpu, but PyTorch sees no GPU: install libtorch with CUDA "
                            + "and set PYTORCH_LIBRARY_PATH, or set scoring.device to auto");
        }
        LOG.info("PyTorch sees no GPU: models run on the CPU");
        return Device.cpu();
    }
}
