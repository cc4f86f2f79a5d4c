package dev.rebound.operators.model;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A loaded version of a ranking model, owned by one thread. */
public interface RankingModel extends AutoCloseable {

    /** The version that outputs are marked with. */
    String version();

    /** Which embedding row an item has in this version. */
    ItemVocabulary vocabulary();

    /**
     * Scores every candidate of a batch of users in one forward pass.
     *
     * @param batch features, sequence and candidates as rows of this model's {@link #vocabulary}
     * @param users how many users of the batch are filled, at least 1
     * @param scores receives float (users x candidates), row-major, in [0, 1]; those of padding mean nothing
     * @throws ModelFailedException if the model throws, or returns another shape or a NaN
     */
    void score(FeatureBatch batch, int users, float[] scores) throws ModelFailedException;

    /**
     * The same, but a user whose scores are no numbers costs the others nothing.
     *
     * @param failed receives such users
     * @throws ModelFailedException if the model throws, returns another shape, or scores nobody
     */
    default void score(FeatureBatch batch, int users, float[] scores, BitSet failed) throws ModelFailedException {
        score(batch, users, scores);
    }

    /**
     * The dense features of an average candidate, in the order of {@link DenseFeature}: what explanations compare with.
     * Features beyond its length are not known to the model.
     */
    default float[] meanFeatures() {
        return new float[DenseFeature.WIDTH];
    }

    /** Makes vectors of users and items by this version; null for a model that has no encoder. */
    default @Nullable UserEncoder encoder() {
        return null;
    }

    /** Frees the model's native memory at once. */
    @Override
    void close();
}
