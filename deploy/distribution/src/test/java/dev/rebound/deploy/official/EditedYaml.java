package dev.rebound.deploy.official;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Flink configuration, one key a line, that is changed as a user does in an editor: where a line of the key stands, also
 * one that is commented out, it is replaced; else it is added. Comments and order stay.
 */
final class EditedYaml {
    private final List<String> lines;

    EditedYaml(String text) {
        this.lines = new ArrayList<>(text.lines().toList());
    }

    EditedYaml set(String key, Object value) {
        String line = key + ": " + value;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(key + ": ") || lines.get(i).startsWith("# " + key + ": ")) {
                lines.set(i, line);
                return this;
            }
        }
        lines.add(line);
        return this;
    }

    /** Adds words to a value that is there. */
    EditedYaml append(String key, String words) {
        return set(key, get(key) + " " + words);
    }

    /** Takes over every line of another configuration whose key begins so. */
    EditedYaml takeOver(EditedYaml other, String prefix) {
        List<String> taken =
                other.lines.stream().filter(line -> line.startsWith(prefix)).toList();
        if (taken.isEmpty()) {
            throw new IllegalArgumentException("No line begins with " + prefix + " in:\n" + other);
        }
        taken.forEach(line -> set(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2)));
        return this;
    }

    String get(String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no line of " + key + " in:\n" + this));
    }

    @Override
    public String toString() {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
