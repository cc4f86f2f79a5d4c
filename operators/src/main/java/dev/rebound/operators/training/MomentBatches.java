package dev.rebound.operators.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.rebound.operators.model.ItemVocabulary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The moments of a training set as batches for DJL, dense features scaled to mean 0 and deviation 1. */
final class MomentBatches {
    private static final float PADDING = -1;

    private final TrainingSet set;
    private final ItemVocabulary vocabulary;
    private final TrainerOptions.ClassWeights classWeights;
    private final float[] mean;
    private final float[] deviation;

    /** @param fitted how many moments, the oldest, the scaling is computed from */
    MomentBatches(TrainingSet set, ItemVocabulary vocabulary, TrainerOptions options, int fitted) {
        this.set = set;
        this.vocabulary = vocabulary;
        this.classWeights = options.classWeights();
        this.mean = new float[set.width()];
        this.deviation = new float[set.width()];
        fit(fitted);
    }

    private void fit(int moments) {
        for (int f = 0; f < set.width(); f++) {
            double sum = 0;
            double squares = 0;
            long count = 0;
            for (int m = 0; m < moments; m++) {
                for (int c = 0; c < set.candidates(); c++) {
                    if (set.candidateKey(m, c) != 0) {
                        float value = set.dense(m, c, f);
                        sum += value;
                        squares += (double) value * value;
                        count++;
                    }
                }
            }
            double average = sum / count;
            double variance = Math.max(0, squares / count - average * average);
            mean[f] = (float) average;
            deviation[f] = variance < 1e-8 ? 1f : (float) Math.sqrt(variance);
        }
    }

    float[] mean() {
        return mean;
    }

    float[] deviation() {
        return deviation;
    }

    /** Sequence, candidates and dense features of some moments. */
    NDList inputs(int[] moments, NDManager manager) {
        int size = moments.length;
        ByteBuffer sequence = direct(size * set.sequenceLength());
        ByteBuffer candidates = direct(size * set.candidates());
        ByteBuffer dense = direct(size * set.candidates() * set.width());
        for (int moment : moments) {
            for (int n = 0; n < set.sequenceLength(); n++) {
                sequence.putInt(vocabulary.row(set.recentItemKey(moment, n)));
            }
            for (int c = 0; c < set.candidates(); c++) {
                candidates.putInt(vocabulary.row(set.candidateKey(moment, c)));
                for (int f = 0; f < set.width(); f++) {
                    dense.putFloat(set.dense(moment, c, f));
                }
            }
        }
        return new NDList(
                manager.create(sequence.flip(), new Shape(size, set.sequenceLength()), DataType.INT32),
                manager.create(candidates.flip(), new Shape(size, set.candidates()), DataType.INT32),
                manager.create(dense.flip(), new Shape(size, set.candidates(), set.width()), DataType.FLOAT32));
    }

    /**
     * Labels of some moments, (moments, candidates), 1 for what was chosen, else 0; below 0 where there is no candidate. Then
     * their weights.
     */
    NDList labels(int[] moments, NDManager manager) {
        float[] labels = new float[moments.length * set.candidates()];
        float[] weights = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int moment = moments[i / set.candidates()];
            int candidate = i % set.candidates();
            labels[i] = set.candidateKey(moment, candidate) == 0 ? PADDING : set.label(moment, candidate);
            weights[i] = classWeights.of(set.strength(moment, candidate));
        }
        Shape shape = new Shape(moments.length, set.candidates());
        return new NDList(manager.create(labels, shape), manager.create(weights, shape));
    }

    private static ByteBuffer direct(int values) {
        return ByteBuffer.allocateDirect(values * 4).order(ByteOrder.nativeOrder());
    }
}
