package dev.rebound.operators.ingest;

import dev.rebound.operators.item.ItemKey;
import dev.rebound.schemas.CatalogItem;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * What an item is about, and what a query asks for, as hashes of terms: words of title, brand and category, by Unicode's
 * word boundaries (UAX 29), folded, plurals stripped, Chinese, Japanese and Korean as pairs of characters; and the values
 * of the attributes, each whole. Owned by one thread.
 */
public final class ItemTerms {
    /** Most terms of an item: title, brand and category come first, then attributes by name. */
    public static final int MOST = 48;

    /** Most terms of a query. */
    private static final int MOST_OF_QUERY = 12;

    /** Most numeric attributes of an item. */
    public static final int MOST_NUMBERS = 8;

    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,18}(\\.\\d*)?([eE][-+]?\\d{1,2})?");

    /** An attribute may hold several values. */
    private static final char VALUE_END = ';';

    /** What is behind it in an attribute is not read. */
    private static final int LONGEST_ATTRIBUTE = 8192;

    /** A longer value is prose, and says nothing as a whole. */
    private static final int LONGEST_VALUE = 40;

    private final Analyzer analyzer = new WordAnalyzer();
    private final IntLinkedOpenHashSet terms = new IntLinkedOpenHashSet();

    private static final class WordAnalyzer extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer words = new StandardTokenizer();
            TokenStream folded = new ASCIIFoldingFilter(new LowerCaseFilter(new CJKWidthFilter(words)));
            TokenStream stems = new EnglishMinimalStemFilter(new EnglishPossessiveFilter(folded));
            return new TokenStreamComponents(words, new CJKBigramFilter(stems));
        }
    }

    /** The terms of an item, each once, at most {@link #MOST}. */
    public int[] of(CatalogItem item) {
        terms.clear();
        addWords(item.getTitle());
        addWords(item.getBrand());
        item.getCategoryPath().forEach(this::addWords);
        Map<String, String> attributes = new TreeMap<>(item.getAttributes());
        attributes.forEach(this::addValues);
        return first(MOST);
    }

    /**
     * The numeric attributes of an item, at most {@link #MOST_NUMBERS} by name: each the bits of {@code sign(x) log(1 + |x|)}
     * as a float, with the hash of its name above them.
     */
    public static long[] numbers(CatalogItem item) {
        return new TreeMap<>(item.getAttributes())
                .entrySet().stream()
                        .filter(attribute -> attribute.getValue().length() <= LONGEST_VALUE
                                && NUMBER.matcher(attribute.getValue()).matches())
                        .limit(MOST_NUMBERS)
                        .mapToLong(attribute -> number(attribute.getKey(), Double.parseDouble(attribute.getValue())))
                        .toArray();
    }

    private static long number(String name, double value) {
        float scaled = (float) (Math.signum(value) * Math.log1p(Math.abs(value)));
        return (ItemKey.hash(name) << 32) | (Float.floatToRawIntBits(scaled) & 0xFFFF_FFFFL);
    }

    /** The first words of a query, each once. */
    public int[] of(String query) {
        terms.clear();
        addWords(query);
        return first(MOST_OF_QUERY);
    }

    private void addWords(CharSequence text) {
        if (text == null || text.length() == 0) {
            return;
        }
        try (TokenStream words = analyzer.tokenStream("", text.toString())) {
            CharTermAttribute word = words.getAttribute(CharTermAttribute.class);
            words.reset();
            while (terms.size() < MOST && words.incrementToken()) {
                terms.add((int) ItemKey.hash(word));
            }
            words.end();
        } catch (IOException e) {
            throw new UncheckedIOException("A text in memory cannot be read", e);
        }
    }

    private void addValues(String name, String values) {
        int end = Math.min(values.length(), LONGEST_ATTRIBUTE);
        for (int from = 0; from < end && terms.size() < MOST; ) {
            int semicolon = values.indexOf(VALUE_END, from);
            int to = semicolon < 0 ? values.length() : semicolon;
            addValue(name, values.substring(from, to).strip());
            from = to + 1;
        }
    }

    private void addValue(String name, String value) {
        if (!value.isEmpty()
                && value.length() <= LONGEST_VALUE
                && !NUMBER.matcher(value).matches()) {
            terms.add((int) ItemKey.hash(name + '=' + value.toLowerCase(Locale.ROOT)));
        }
    }

    private int[] first(int most) {
        int[] all = terms.toIntArray();
        return all.length <= most ? all : Arrays.copyOf(all, most);
    }
}
