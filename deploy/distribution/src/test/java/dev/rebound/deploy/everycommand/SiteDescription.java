package dev.rebound.deploy.everycommand;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@code site.yaml} says.
 *
 * @param settings by their path in the file, such as {@code flink.rest}
 */
record SiteDescription(Map<String, Object> settings) {
    private static final YAMLMapper YAML = new YAMLMapper();

    SiteDescription {
        settings = Map.copyOf(settings);
    }

    /** The same with one setting more, or another value of it. */
    SiteDescription with(String path, Object value) {
        Map<String, Object> changed = new TreeMap<>(settings);
        changed.put(path, value.toString());
        return new SiteDescription(changed);
    }

    /** Writes it to a new file of the folder. */
    Path write(Path folder) throws IOException {
        ObjectNode root = YAML.createObjectNode();
        settings.forEach((path, value) -> {
            ObjectNode parent = root;
            String[] names = path.split("\\.");
            for (int i = 0; i < names.length - 1; i++) {
                parent = parent.withObjectProperty(names[i]);
            }
            parent.put(names[names.length - 1], value.toString());
        });
        Path file = Files.createTempFile(folder, "site-", ".yaml");
        YAML.writeValue(file.toFile(), root);
        return file;
    }
}
