package dev.rebound.operators.training;

import dev.rebound.operators.model.ModelFailedException;
import dev.rebound.operators.model.RankingModel;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Trains a small ranker to score as a larger model does (Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural
 * Network, 2015): the larger one's probabilities take the place of what was chosen. It is validated on what was chosen.
 */
public final class Distillation {
    private Distillation() {}

    /**
     * Trains.
     *
     * @param teacher whose encoder made the features of the moments
     * @param encoder that encoder, which becomes part of the student
     * @param progress told after each epoch
     * @throws ModelFailedException if the teacher fails on a moment
     */
    public static TrainedRanker distil(
            RankingModel teacher,
            TrainedEncoder encoder,
            TrainingSet set,
            TrainerOptions options,
            Consumer<EpochReport> progress)
            throws ModelFailedException, IOException {
        int trained = (int) (set.size() * (1 - options.validationShare()));
        float[] soft = new MomentScores(set).score(teacher, 0, trained);
        return new RankerTrainer(set.relabelled(soft), encoder, options, progress).train();
    }
}
