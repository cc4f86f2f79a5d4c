package dev.rebound.operators.retrieval;

/** How a user's vector and those of items fit together, by a model that has learned both. Of one user at one moment. */
public interface EmbeddingMatches {
    /** Where no model has vectors, or the user has no history. */
    EmbeddingMatches NONE = new EmbeddingMatches() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public int slot(int n) {
            throw new IndexOutOfBoundsException("No item is near: " + n);
        }

        @Override
        public float score(int slot) {
            return 0;
        }
    };

    /** How many of the offered items that fit best are known. */
    int size();

    /** The slot of the item that fits n-th best, from 0. */
    int slot(int n);

    /** Dot product of the user's vector and that of the item in a slot, near it or not. */
    float score(int slot);
}
