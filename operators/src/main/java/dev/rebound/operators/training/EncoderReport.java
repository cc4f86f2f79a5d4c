package dev.rebound.operators.training;

/**
 * How far the training of an encoder has come.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy of the next item against those drawn
 * @param validationLoss the same on sequences that were held out
 * @param validationHits share of these whose next item is among the first 20 of it and those drawn
 */
public record EncoderReport(
        int epoch, int epochs, double trainLoss, double validationLoss, double validationHits, double seconds) {

    /** Of an encoder that was taken over as it was. */
    static final EncoderReport NOT_TRAINED = new EncoderReport(0, 0, Double.NaN, Double.NaN, Double.NaN, 0);
}
