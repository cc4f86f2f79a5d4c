package dev.rebound.operators.training;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Keeps the parameters of the best epoch. */
final class BlockBytes {
    private BlockBytes() {}

    static byte[] of(Block block) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    static void restore(Block block, byte[] parameters, NDManager manager) throws IOException {
        try {
            block.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(parameters)));
        } catch (MalformedModelException e) {
            throw new IOException("The best epoch's own parameters cannot be read back", e);
        }
    }
}
