package dev.rebound.operators.ranking;

import dev.rebound.operators.item.ItemKey;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What a shop wants shown or not, whatever the scores say.
 *
 * @param exclude what is never shown
 * @param boost what is worth more, or less, than its score
 * @param pin what comes first on a HOME page; items by id are candidates of every user
 * @param minPriceMinor items that are known to be cheaper are never shown; in the currency's minor unit
 * @param maxPerBrand most items of one brand on a page that the shop fills, at least 1
 */
public record BusinessRules(
        List<Subject> exclude, List<Boost> boost, List<Subject> pin, long minPriceMinor, int maxPerBrand)
        implements Serializable {
    /** No rules. */
    public static final BusinessRules NONE = new BusinessRules(List.of(), List.of(), List.of(), 0, Integer.MAX_VALUE);

    private static final String SUBJECTS = "allowed are category:NAME, brand:NAME and item:ID";

    /** What a rule is about. */
    public enum Kind {
        CATEGORY,
        BRAND,
        ITEM
    }

    /** The items of a leaf category or of a brand, or one item. */
    public record Subject(Kind kind, String name) implements Serializable {
        /**
         * Reads {@code category:NAME}, {@code brand:NAME} or {@code item:ID}.
         *
         * @throws IllegalArgumentException saying what is allowed
         */
        public static Subject parse(String text) {
            int colon = text.indexOf(':');
            for (Kind kind : Kind.values()) {
                if (colon > 0
                        && colon < text.length() - 1
                        && kind.name().toLowerCase(Locale.ROOT).equals(text.substring(0, colon))) {
                    return new Subject(kind, text.substring(colon + 1));
                }
            }
            throw new IllegalArgumentException("'" + text + "' names nothing; " + SUBJECTS);
        }
    }

    /**
     * A factor on the odds of items.
     *
     * @param factor above 0; 2 makes the odds twice as good
     */
    public record Boost(Subject subject, float factor) implements Serializable {
        /**
         * Reads {@code category:NAME=FACTOR} and the like.
         *
         * @throws IllegalArgumentException saying what is allowed
         */
        public static Boost parse(String text) {
            int equals = text.lastIndexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + text + "' has no factor; such as category:books=1.5");
            }
            return new Boost(Subject.parse(text.substring(0, equals)), factor(text, text.substring(equals + 1)));
        }

        private static float factor(String text, String number) {
            float factor;
            try {
                factor = Float.parseFloat(number);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' has a factor that is no number: " + number, e);
            }
            if (!(factor >= 0.001f && factor <= 1000f)) {
                throw new IllegalArgumentException("'" + text + "' has a factor that is not between 0.001 and 1000");
            }
            return factor;
        }
    }

    /** Keys of the pinned items. */
    public long[] pinnedItemKeys() {
        return pin.stream()
                .filter(subject -> subject.kind() == Kind.ITEM)
                .mapToLong(subject -> ItemKey.of(subject.name()))
                .toArray();
    }
}
