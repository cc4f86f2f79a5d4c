package dev.rebound.operators.training;

/** What stood before a user, and which of it was chosen so far. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Moment(long timeMillis, long[] sequence, long[] keys, float[] dense, float[] labels) {
    void choose(long itemKey) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == itemKey) {
                labels[i] = 1;
            }
        }
    }

    boolean isChosenFrom() {
        for (float label : labels) {
            if (label > 0) {
                return true;
            }
        }
        return false;
    }

    void addTo(TrainingSet set) {
        set.add(timeMillis, sequence, keys, dense, labels);
    }
}
