package dev.rebound.operators.training;

import dev.rebound.operators.item.Interaction;

/** What stood before a user, and how strongly each of it was chosen so far. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Moment(long timeMillis, long[] sequence, long[] keys, float[] dense, float[] strengths) {
    void choose(long itemKey, int type) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == itemKey) {
                strengths[i] = Math.max(strengths[i], Interaction.weight(type));
            }
        }
    }

    boolean isChosenFrom() {
        for (float strength : strengths) {
            if (strength > 0) {
                return true;
            }
        }
        return false;
    }

    void addTo(TrainingSet set) {
        set.add(timeMillis, sequence, keys, dense, strengths);
    }
}
