package dev.rebound.operators.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds those of many vectors that have the greatest dot products with some others, exactly: one matrix product for all of a
 * batch, of which only the greatest of each {@value #GROUP} products leaves the device. The vectors that are looked for
 * are in the groups with the greatest of these, whose products are computed again. In half precision on a GPU. Owned by one
 * thread.
 */
final class NearestVectors implements AutoCloseable {
    /** Vectors that one product stands for; a power of two. */
    private static final int GROUP = 16;

    private final int size;
    private final Device device;
    private final NDManager manager;
    private final GreatestScores groups;
    private final GreatestScores best;
    private @Nullable NDManager matrixManager;
    private @Nullable NDArray matrix;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private float[] vectors = {};
    private int count;
    private int groupCount;

    /**
     * @param size floats a vector
     * @param most how many are found
     */
    NearestVectors(int size, int most, NDManager manager) {
        this.size = size;
        this.device = manager.getDevice();
        this.manager = manager;
        this.groups = new GreatestScores(most);
        this.best = new GreatestScores(most);
    }

    /** How many vectors of a size it can look among: a buffer has less than 2 GiB. */
    static int most(int size) {
        return Integer.MAX_VALUE / (size * Float.BYTES) / GROUP * GROUP;
    }

    /**
     * Takes over what is looked for.
     *
     * @param all row-major, {@code number} vectors, at most {@link #most}; kept, and not to be changed until the next call
     */
    void among(float[] all, int number) {
        close();
        vectors = all;
        count = number;
        groupCount = (number + GROUP - 1) / GROUP;
        if (number == 0) {
            return;
        }
        int rows = groupCount * GROUP;
        if (buffer.capacity() < rows * size * Float.BYTES) {
            buffer = ByteBuffer.allocateDirect(withRoom(rows, size) * size * Float.BYTES)
                    .order(ByteOrder.nativeOrder());
        }
        FloatBuffer floats = buffer.asFloatBuffer();
        floats.put(all, 0, number * size);
        for (int row = number; row < rows; row++) {
            // Copies, which change no group's greatest product: the last group of each kind may lack some.
            floats.put(all, row % groupCount * size, size);
        }
        matrixManager = manager.newSubManager();
        NDManager host = device.isGpu() ? matrixManager.newSubManager(Device.cpu()) : matrixManager;
        NDArray made = host.create(
                buffer.slice(0, rows * size * Float.BYTES).order(ByteOrder.nativeOrder()),
                new Shape(rows, size),
                DataType.FLOAT32);
        NDArray moved = device.isGpu() ? made.toDevice(device, true).toType(DataType.FLOAT16, false) : made;
        matrix = moved.transpose();
        matrix.attach(matrixManager);
    }

    /** More than so many vectors, so that not each further one needs another buffer. */
    static int withRoom(int number, int size) {
        return Math.min(number + number / 4, most(size));
    }

    /**
     * The greatest product of each group, float (users x groups); group g has the vectors g, g + groups, g + 2 groups, ...
     *
     * @param users float32 (users, size)
     */
    float[] groups(NDArray users) {
        if (matrix == null) {
            return new float[0];
        }
        NDArray asked = device.isGpu() ? users.toType(DataType.FLOAT16, false) : users;
        NDArray products = asked.matMul(matrix).reshape(users.getShape().get(0), GROUP, groupCount);
        for (int half = GROUP / 2; half > 0; half /= 2) {
            // Not by texts, which would be parsed with each batch.
            products = products.get(NDIndex.sliceAxis(1, 0, half))
                    .maximum(products.get(NDIndex.sliceAxis(1, half, 2L * half)));
        }
        return products.toType(DataType.FLOAT32, false).toFloatArray();
    }

    /**
     * The nearest vectors of one user.
     *
     * @param greatest of all users, by {@link #groups}
     * @param user whose vector is in {@code users} at {@code user * size}
     * @return indexes of the vectors, the nearest first; good until the next call
     */
    GreatestScores of(float[] greatest, float[] users, int user) {
        groups.clear();
        best.clear();
        for (int group = 0; group < groupCount; group++) {
            groups.offer(greatest[user * groupCount + group], group);
        }
        for (int n = 0; n < groups.size(); n++) {
            for (int index = groups.get(n); index < count; index += groupCount) {
                best.offer(dot(users, user * size, vectors, index * size, size), index);
            }
        }
        return best;
    }

    /** Four sums, so that the additions need not wait for each other. */
    static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            first += a[aFrom + i] * b[bFrom + i];
            second += a[aFrom + i + 1] * b[bFrom + i + 1];
            third += a[aFrom + i + 2] * b[bFrom + i + 2];
            fourth += a[aFrom + i + 3] * b[bFrom + i + 3];
        }
        for (; i < length; i++) {
            first += a[aFrom + i] * b[bFrom + i];
        }
        return first + second + third + fourth;
    }

    @Override
    public void close() {
        if (matrixManager != null) {
            matrixManager.close();
            matrixManager = null;
            matrix = null;
        }
    }
}
