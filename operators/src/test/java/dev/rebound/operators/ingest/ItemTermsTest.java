package dev.rebound.operators.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.schemas.CatalogItem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ItemTermsTest {
    private final ItemTerms terms = new ItemTerms();

    private static CatalogItem.Builder anItem() {
        return CatalogItem.newBuilder().setItemId("i").setUpdatedAt(1);
    }

    @Test
    void wordsAreFoldedAndTheirPluralsStripped() {
        int[] item = terms.of(anItem().setTitle("Café Lamps").build());

        assertThat(item).containsExactly(terms.of("cafe LAMP"));
    }

    @Test
    void brandAndCategoryAreFoundByTheirWords() {
        int[] item = terms.of(anItem().setBrand("Acme")
                .setCategoryPath(List.of("Home", "Desk Lamps"))
                .build());

        assertThat(item).contains(terms.of("acme")).contains(terms.of("home")).contains(terms.of("desk lamp"));
    }

    @Test
    void chineseIsFoundByPairsOfCharacters() {
        int[] item = terms.of(anItem().setTitle("不锈钢保温杯").build());

        assertThat(item).contains(terms.of("保温杯"));
        assertThat(item).doesNotContain(terms.of("电视"));
    }

    @Test
    void anAttributeCountsByNameAndWholeValue() {
        int[] comedy = terms.of(
                anItem().setAttributes(Map.of("genres", "comedy; drama")).build());
        int[] drama = terms.of(anItem().setAttributes(Map.of("genres", "Drama")).build());
        int[] other = terms.of(anItem().setAttributes(Map.of("mood", "drama")).build());

        assertThat(comedy).hasSize(2).contains(drama).doesNotContain(other);
    }

    @Test
    void proseAndNumbersInAttributesSayNothing() {
        int[] item = terms.of(anItem().setAttributes(
                        Map.of("description", "a long tale ".repeat(10), "weight", "12.5", "votes", "-3"))
                .build());

        assertThat(item).isEmpty();
    }

    @Test
    @Timeout(10)
    void blanksInAnAttributeTakeNoLongerThanOtherCharacters() {
        CatalogItem item = anItem().setAttributes(
                        Map.of("tags", "a ;" + " ".repeat(250_000) + "x", "notes", "; ".repeat(125_000), "empty", " "))
                .build();

        assertThat(terms.of(item)).hasSize(2);
        assertThat(ItemTerms.numbers(item)).isEmpty();
    }

    @Test
    @Timeout(10)
    void blanksWithNoSemicolonAfterThemTakeNoLongerEither() {
        String tags = "a" + " ".repeat(250_000) + "x";

        assertThat(terms.of(anItem().setAttributes(Map.of("tags", tags)).build()))
                .isEmpty();
    }

    @Test
    void blanksAroundAValueSayNothing() {
        int[] padded = terms.of(
                anItem().setAttributes(Map.of("genres", " comedy ;drama;; ")).build());
        int[] plain = terms.of(
                anItem().setAttributes(Map.of("genres", "comedy;drama")).build());

        assertThat(padded).containsExactly(plain);
    }

    @Test
    void anItemHasABoundedNumberOfTerms() {
        StringBuilder title = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            title.append("word").append(i).append(' ');
        }

        assertThat(terms.of(anItem().setTitle(title.toString()).build())).hasSize(ItemTerms.MOST);
    }
}
