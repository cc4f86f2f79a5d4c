package dev.rebound.operators.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ItemTowerTest {
    /** One row for nothing and one item; one row of content; two floats of an embedding. */
    private final ItemTower tower =
            new ItemTower(2, new float[] {0, 0, 1, 2}, new float[] {0.5f, 0.5f}, new float[] {1, -1, 1, 1});

    private float[] vector(ItemTower of, float... embedding) {
        float[] out = {9, 9, 9};
        of.write(1, new int[] {0}, 1, embedding, out, 1);
        return out;
    }

    @Test
    void theShopsEmbeddingIsAddedToWhatIsKnown() {
        assertThat(vector(tower, 0.5f, 0.25f)).containsExactly(9, 2.25f, 2.25f);
    }

    @Test
    void anEmbeddingThatLeadsBeyondAllNumbersSaysNothing() {
        assertThat(vector(tower, 3e38f, 3e38f)).containsExactly(9, 1.5f, 2.5f);
        assertThat(vector(tower, Float.NaN, 1)).containsExactly(9, 1.5f, 2.5f);
    }

    @Test
    void anItemOfWhichAllThatIsKnownIsNoNumberIsLikeNone() {
        ItemTower broken = new ItemTower(2, new float[] {0, 0, Float.NaN, 2}, new float[] {0, 0}, new float[0]);

        assertThat(vector(broken)).containsExactly(9, 0, 0);
    }

    @Test
    void whatIsNoNumberIsNotAmongTheGreatest() {
        GreatestScores greatest = new GreatestScores(2);
        greatest.offer(Float.NaN, 1);
        greatest.offer(1, 2);
        greatest.offer(3, 3);

        assertThat(greatest.size()).isEqualTo(2);
        assertThat(greatest.get(0)).isEqualTo(3);
    }
}
