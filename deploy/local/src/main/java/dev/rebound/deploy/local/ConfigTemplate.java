package dev.rebound.deploy.local;

import dev.rebound.deploy.site.StackLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of the distribution's conf/ with {@code ${name}} where the stack's ports and folders belong. */
final class ConfigTemplate {

    private static final Pattern NAME = Pattern.compile("\\$\\{([a-z.]+)}");

    private ConfigTemplate() {}

    /** Fills the template into the file of the same relative path under {@link StackLayout#conf()}, and returns that. */
    static Path render(StackLayout layout, String path, Map<String, Object> values) {
        Path template = layout.templates().resolve(path);
        Path rendered = layout.conf().resolve(path);
        try {
            Files.createDirectories(rendered.getParent());
            Files.writeString(rendered, fill(template, Files.readString(template), values));
            return rendered;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make " + rendered + " from " + template, e);
        }
    }

    private static String fill(Path template, String text, Map<String, Object> values) {
        return NAME.matcher(text).replaceAll(match -> {
            Object value = values.get(match.group(1));
            if (value == null) {
                throw new StackException(template + " asks for ${" + match.group(1) + "}; there are only "
                        + values.keySet().stream().sorted().toList());
            }
            return Matcher.quoteReplacement(value.toString());
        });
    }
}
