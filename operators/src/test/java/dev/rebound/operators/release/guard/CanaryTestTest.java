package dev.rebound.operators.release.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rebound.operators.release.guard.CanaryTest.Finding;
import dev.rebound.operators.release.guard.CanaryTest.Verdict;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CanaryTestTest {
    private static final double ALPHA = 0.05;

    private final CanaryTest test = new CanaryTest(ALPHA, 1_000);

    /** Lists of ten of so many users, one each, with independent clicks. */
    private static OutcomeSums users(long seed, int users, double clickRate, double conversionRate) {
        SplittableRandom random = new SplittableRandom(seed);
        OutcomeSums sums = new OutcomeSums();
        for (int user = 0; user < users; user++) {
            int clicks = 0;
            int conversions = 0;
            for (int item = 0; item < 10; item++) {
                double chance = random.nextDouble();
                clicks += chance < clickRate ? 1 : 0;
                conversions += chance < conversionRate ? 1 : 0;
            }
            sums.add(VersionOutcome.userHash(seed * 1_000_003 + user), 10, clicks, conversions);
        }
        return sums;
    }

    @Test
    void aCanaryOfManyFewerClicksIsWorseAndOneOfManyMoreIsBetter() {
        OutcomeSums live = users(1, 20_000, 0.05, 0.005);

        assertThat(test.finding(live, users(2, 5_000, 0.03, 0.005), 1))
                .contains(new Finding(Verdict.WORSE, Outcome.CLICK));
        assertThat(test.finding(live, users(3, 5_000, 0.07, 0.005), 1))
                .contains(new Finding(Verdict.BETTER, Outcome.CLICK));
        assertThat(test.finding(live, users(4, 5_000, 0.05, 0.005), 1)).isEmpty();
    }

    @Test
    void aCanaryOfMoreClicksAndFewerConversionsIsWorse() {
        assertThat(test.finding(users(1, 40_000, 0.05, 0.01), users(2, 40_000, 0.07, 0.005), 1))
                .contains(new Finding(Verdict.WORSE, Outcome.CONVERSION));
    }

    @Test
    void aCanaryThatNobodyClicksOnIsWorseThoughItsUsersDoNotDiffer() {
        assertThat(test.finding(users(1, 20_000, 0.05, 0.005), users(2, 1_000, 0, 0), 1))
                .contains(new Finding(Verdict.WORSE, Outcome.CLICK));
    }

    @Test
    void nothingIsSaidOfTooFewImpressionsOrUsers() {
        OutcomeSums live = users(1, 20_000, 0.5, 0.1);
        OutcomeSums oneUser = new OutcomeSums();
        oneUser.add(3, 1_000_000, 0, 0);

        assertThat(test.finding(live, users(2, 99, 0, 0), 1)).isEmpty();
        assertThat(test.finding(live, oneUser, 1)).isEmpty();
        assertThat(test.finding(live, new OutcomeSums(), 1)).isEmpty();
        assertThat(test.lift(live, new OutcomeSums(), Outcome.CLICK, 1)).isEqualTo(Interval.UNKNOWN);
    }

    /** The same counts say less if they are of users who click on all or on nothing. */
    @Test
    void clicksThatComeTogetherAreLessEvidence() {
        OutcomeSums spread = new OutcomeSums();
        OutcomeSums together = new OutcomeSums();
        for (int user = 0; user < 10_000; user++) {
            spread.add(VersionOutcome.userHash(user), 10, user % 2, 0);
            together.add(VersionOutcome.userHash(user), 10, user % 20 == 0 ? 10 : 0, 0);
        }

        assertThat(together.rate(Outcome.CLICK)).isEqualTo(spread.rate(Outcome.CLICK));
        assertThat(together.variance(Outcome.CLICK)).isGreaterThan(5 * spread.variance(Outcome.CLICK));
    }

    /** sum over users of (clicks - rate x impressions)^2, users being far fewer than groups, each in one of its own. */
    @Test
    void theVarianceIsThatOfARatioOfSumsOverUsers() {
        OutcomeSums sums = new OutcomeSums();
        sums.add(0L, 10, 1, 0);
        sums.add(1L << 54, 30, 9, 0);
        sums.add(2L << 54, 20, 2, 0);

        // Rate 0.2; residuals -1, 3, -2; (1 + 9 + 4) x 3/2 / 60^2.
        assertThat(sums.rate(Outcome.CLICK)).isEqualTo(0.2);
        assertThat(sums.variance(Outcome.CLICK)).isCloseTo(14 * 1.5 / 3600, within(1e-15));
    }

    @Test
    void theLimitsOfTheLiftAgreeWithTheFinding() {
        OutcomeSums live = users(1, 5_000, 0.05, 0.005);
        int found = 0;
        for (int i = 0; i < 200; i++) {
            OutcomeSums canary = users(100 + i, 4_000, 0.035 + i * 0.00015, 0.005);
            Optional<Finding> finding = test.finding(live, canary, 2);
            Interval lift = test.lift(live, canary, Outcome.CLICK, 2);
            assertThat(lift.estimate()).isBetween(lift.lower(), lift.upper());
            boolean isClick = finding.filter(f -> f.outcome() == Outcome.CLICK).isPresent();
            if (isClick) {
                found++;
                assertThat(finding.get().verdict() == Verdict.WORSE).isEqualTo(lift.upper() < 0);
                assertThat(finding.get().verdict() == Verdict.BETTER).isEqualTo(lift.lower() > 0);
            } else if (finding.isEmpty()) {
                assertThat(lift.lower()).isLessThanOrEqualTo(0);
                assertThat(lift.upper()).isGreaterThanOrEqualTo(0);
            }
        }
        assertThat(found).isBetween(20, 180);
    }

    @Test
    void allComparisonsAndOutcomesOfACanaryTogetherHaveAlpha() {
        double sum = 0;
        for (int comparison = 1; comparison <= 1_000_000; comparison++) {
            sum += test.alpha(comparison) * Outcome.values().length;
        }

        assertThat(sum).isLessThanOrEqualTo(ALPHA).isCloseTo(ALPHA, within(1e-6));
    }
}
