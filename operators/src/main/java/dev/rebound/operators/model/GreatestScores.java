package dev.rebound.operators.model;

/** Keeps the greatest of some scores with what they are of. Allocates nothing once made; owned by one thread. */
final class GreatestScores {
    private final float[] scores;
    private final int[] of;
    private int size;

    /** @param most how many are kept */
    GreatestScores(int most) {
        scores = new float[most];
        of = new int[most];
    }

    void clear() {
        size = 0;
    }

    /** Offers a score; the greatest come first, of equal ones the one that was offered first. NaN is none. */
    void offer(float score, int what) {
        if (Float.isNaN(score)) {
            return;
        }
        if (size == scores.length && !(score > scores[size - 1])) {
            return;
        }
        int at = size < scores.length ? size++ : size - 1;
        while (at > 0 && scores[at - 1] < score) {
            scores[at] = scores[at - 1];
            of[at] = of[at - 1];
            at--;
        }
        scores[at] = score;
        of[at] = what;
    }

    int size() {
        return size;
    }

    /** What the n-th greatest score is of. */
    int get(int n) {
        return of[n];
    }

    /** Writes what all of them are of. */
    void copyTo(int[] out, int from) {
        System.arraycopy(of, 0, out, from, size);
    }
}
