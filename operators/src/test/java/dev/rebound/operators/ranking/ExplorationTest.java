package dev.rebound.operators.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.user.ScoringTask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Exploration by itself and in the policy: what is written is how often it happens. */
class ExplorationTest {
    private static final int LISTS = 60_000;
    private static final PolicySettings SETTINGS = PolicySettings.BY_SCORE.withExploration(0.3f);

    private final PolicyBench bench = new PolicyBench();

    /** The others were seen, so that they are no news. */
    private void sixItemsOneOfThemNew() {
        for (int i = 1; i <= 4; i++) {
            bench.item("i" + (i * 3), "lamps", 0);
            bench.saw("i" + (i * 3));
        }
        bench.item("i2", "sofas", 0);
        bench.saw("i2");
        bench.item("i1", "sofas", 5);
    }

    private Slate list(PolicySettings settings, int trigger, int count) {
        bench.task.triggerId = "r" + trigger;
        bench.task.kind = ScoringTask.Kind.REQUEST;
        return bench.choose(settings, count);
    }

    @Test
    void placesAreGivenAsOftenAsTheirPropensitySays() {
        sixItemsOneOfThemNew();
        Map<String, Integer> times = new HashMap<>();
        Map<String, Double> expected = new HashMap<>();
        for (int r = 0; r < LISTS; r++) {
            Slate slate = list(SETTINGS, r, 2);
            String first = bench.id(slate.candidate(0));
            String both = first + " " + bench.id(slate.candidate(1));
            times.merge(first, 1, Integer::sum);
            times.merge(both, 1, Integer::sum);
            expected.put(first, (double) slate.propensity(0));
            expected.put(both, (double) slate.propensity(0) * slate.propensity(1));
        }

        assertThat(times).as("each first place, and each pair").hasSize(6 + 6 * 5);
        times.forEach((outcome, count) -> assertThat((double) count / LISTS)
                .as(outcome)
                .isCloseTo(expected.get(outcome), within(4 * Math.sqrt(expected.get(outcome) / LISTS))));
    }

    @Test
    void inversePropensityGivesTheMeanOfAnotherPolicy() {
        sixItemsOneOfThemNew();
        double estimate = 0;
        for (int r = 0; r < LISTS; r++) {
            Slate slate = list(SETTINGS, r, 1);
            boolean wouldShow = bench.id(slate.candidate(0)).equals("i3");
            estimate += wouldShow ? 1 / slate.propensity(0) / LISTS : 0;
        }

        assertThat(estimate)
                .as("a policy that always shows i3, whose reward is 1")
                .isCloseTo(1, within(0.1));
    }

    @Test
    void theSameTriggerIsGivenTheSameList() {
        sixItemsOneOfThemNew();
        for (int r = 0; r < 50; r++) {
            Slate slate = list(SETTINGS, r, 5);
            List<String> first = bench.ids(slate);
            float propensity = slate.propensity(0);
            Slate again = list(SETTINGS, r, 5);

            assertThat(bench.ids(again)).isEqualTo(first);
            assertThat(again.propensity(0)).isEqualTo(propensity);
        }
    }

    @Test
    void aNewItemIsDrawnMoreOftenThanItsScoreAlone() {
        sixItemsOneOfThemNew();
        int newItem = 0;
        int known = 0;
        for (int r = 0; r < LISTS; r++) {
            String drawn = bench.id(list(SETTINGS, r, 1).candidate(0));
            newItem += drawn.equals("i1") ? 1 : 0;
            known += drawn.equals("i3") ? 1 : 0;
        }

        assertThat(newItem).as("i3 has three times the score of i1").isGreaterThan(known);
    }

    @Test
    void withoutExplorationEveryPropensityIsOne() {
        sixItemsOneOfThemNew();
        Slate slate = list(PolicySettings.BY_SCORE, 1, 5);

        assertThat(bench.ids(slate)).containsExactly("i12", "i9", "i6", "i3", "i2");
        for (int n = 0; n < slate.size(); n++) {
            assertThat(slate.propensity(n)).isEqualTo(1f);
        }
    }

    @Test
    void whatARuleExcludesIsNeverDrawn() {
        sixItemsOneOfThemNew();
        PolicySettings rules = SETTINGS.withRules(PolicyBench.rules("exclude=item:i9"));
        for (int r = 0; r < 500; r++) {
            assertThat(bench.ids(list(rules, r, 6))).hasSize(5).doesNotContain("i9");
        }
    }
}
