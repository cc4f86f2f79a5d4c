package dev.rebound.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {

    @TempDir
    Path folder;

    private StackLayout layout;

    @BeforeEach
    void aTemplate() throws Exception {
        Files.createDirectories(folder.resolve("home/conf/a"));
        Files.writeString(folder.resolve("home/conf/a/b.properties"), "port=${the.port}\nfolder=${folder}\n");
        layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
    }

    @Test
    void namesAreFilledIn() {
        Path rendered = ConfigTemplate.render(layout, "a/b.properties", Map.of("the.port", 29092, "folder", "/x$1\\y"));

        assertThat(rendered)
                .isEqualTo(layout.var().resolve("conf/a/b.properties"))
                .hasContent("port=29092\nfolder=/x$1\\y\n");
    }

    @Test
    void aNameThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> ConfigTemplate.render(layout, "a/b.properties", Map.of("folder", "/x")))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("${the.port}")
                .hasMessageContaining("b.properties");
    }
}
