package dev.rebound.deploy.lab.shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A leaf of the category tree.
 *
 * @param path from the root
 * @param priceMinor what an item costs typically, in cents
 * @param noun what an item is called
 */
record Leaf(List<String> path, long priceMinor, String noun) {
    private static final String FILE = "categories.txt";

    String name() {
        return path.get(path.size() - 1);
    }

    String aisle() {
        return path.get(path.size() - 2);
    }

    /** All of them, as listed in {@value #FILE}. */
    static List<Leaf> all() {
        try (InputStream in = Leaf.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .map(columns -> new Leaf(List.of(columns[0].split("/")), Long.parseLong(columns[1]), columns[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + FILE, e);
        }
    }
}
