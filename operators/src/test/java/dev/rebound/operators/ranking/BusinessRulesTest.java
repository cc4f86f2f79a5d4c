package dev.rebound.operators.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.operators.ranking.BusinessRules.Boost;
import dev.rebound.operators.ranking.BusinessRules.Subject;
import dev.rebound.schemas.Scenario;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusinessRulesTest {
    private final PolicyBench bench = new PolicyBench();

    @BeforeEach
    void aShop() {
        bench.shop.item("i9").in("lamps").of("acme").costing(100).popular(1).put();
        bench.shop.item("i8").in("lamps").of("acme").costing(900).popular(1).put();
        bench.shop.item("i7").in("sofas").of("acme").costing(900).popular(1).put();
        bench.shop.item("i6").in("sofas").of("best").costing(0).popular(1).put();
        bench.shop.item("i5").popular(1).put();
    }

    private List<String> choose(String rules, int count) {
        return bench.ids(bench.choose(PolicySettings.BY_SCORE.withRules(PolicyBench.rules(rules)), count));
    }

    @Test
    void whatIsExcludedIsNotShownThoughPlacesStayEmpty() {
        assertThat(choose("exclude=category:lamps", 5)).containsExactly("i7", "i6", "i5");
        assertThat(choose("exclude=brand:acme", 5)).containsExactly("i6", "i5");
        assertThat(choose("exclude=item:i9 exclude=item:unknown", 5)).containsExactly("i8", "i7", "i6", "i5");
    }

    @Test
    void anExcludedItemIsNotShownWhereAPageAsksForIt() {
        bench.task.candidates = new long[] {ItemKey.of("i9"), ItemKey.of("i8")};

        assertThat(choose("exclude=item:i9", 5)).containsExactly("i8");
    }

    @Test
    void aBoostMultipliesTheOdds() {
        // Odds: i9 9/11, i8 8/12, i7 7/13, i6 6/14.
        assertThat(choose("boost=item:i6=1.8", 5)).containsExactly("i9", "i6", "i8", "i7", "i5");
        assertThat(choose("boost=category:sofas=2", 5)).containsExactly("i7", "i6", "i9", "i8", "i5");
        assertThat(choose("boost=category:lamps=0.1 boost=item:i8=20", 5))
                .containsExactly("i8", "i7", "i6", "i5", "i9");
    }

    @Test
    void anItemThatIsTooCheapIsNotShownAndOneOfUnknownPriceIs() {
        assertThat(choose("min-price=500", 5)).containsExactly("i8", "i7", "i6", "i5");
    }

    @Test
    void aBrandHasSoManyPlacesUntilOthersRunOut() {
        assertThat(choose("max-per-brand=1", 3)).containsExactly("i9", "i6", "i5");
        assertThat(choose("max-per-brand=1", 4)).containsExactly("i9", "i6", "i5", "i8");
    }

    @Test
    void whatIsPinnedComesFirstOnAHomePageOnly() {
        assertThat(choose("pin=item:i5 pin=brand:best", 3)).containsExactly("i6", "i5", "i9");
        bench.task.scenario = Scenario.SIMILAR_ITEMS;
        bench.task.contextItemKey = ItemKey.of("i8");
        assertThat(choose("pin=item:i5", 2)).containsExactly("i9", "i7");
    }

    @Test
    void aCategoryThatAppearsLaterIsUnderItsRule() {
        RuleTable rules = new RuleTable(PolicyBench.rules("exclude=category:chairs"), bench.shop.table());
        rules.refresh();
        for (int i = 0; i < 200; i++) {
            bench.shop.item("x" + i).in(i == 199 ? "chairs" : "c" + i).put();
        }
        rules.refresh();

        assertThat(rules.factor(bench.shop.table().byKey(ItemKey.of("x199")))).isZero();
        assertThat(rules.factor(bench.shop.table().byKey(ItemKey.of("x1")))).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadSaysWhatIsAllowed() {
        assertThatThrownBy(() -> Subject.parse("colour:red"))
                .hasMessageContaining("colour:red")
                .hasMessageContaining("category:NAME");
        assertThatThrownBy(() -> Subject.parse("item:")).hasMessageContaining("item:ID");
        assertThatThrownBy(() -> Boost.parse("item:i1")).hasMessageContaining("has no factor");
        assertThatThrownBy(() -> Boost.parse("item:i1=much")).hasMessageContaining("is no number");
        assertThatThrownBy(() -> Boost.parse("item:i1=-1")).hasMessageContaining("not between");
        assertThat(Boost.parse("item:a=b=2").subject().name()).isEqualTo("a=b");
    }
}
