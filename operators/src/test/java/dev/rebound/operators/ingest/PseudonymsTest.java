package dev.rebound.operators.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudonymsTest {
    @TempDir
    Path folder;

    private Pseudonyms under(String key) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), key);
        Pseudonyms pseudonyms = Pseudonyms.keyedBy(file.toString());
        pseudonyms.open();
        return pseudonyms;
    }

    @Test
    void thePseudonymIsTheBeginningOfTheKeyedHash() throws IOException {
        // Python: base64.urlsafe_b64encode(hmac.new(key, b'user-1', hashlib.sha256).digest()[:16])
        assertThat(under("0123456789abcdef").of("user-1")).isEqualTo("lnGnARTGOO7dJtq38JYQug");
    }

    @Test
    void theSameKeyGivesTheSamePseudonymAndAnotherKeyAnother() throws IOException {
        String name = under("0123456789abcdef").of("user-1");

        assertThat(under("0123456789abcdef\n").of("user-1"))
                .as("a line's end is no part of a key")
                .isEqualTo(name);
        assertThat(under("0123456789abcdeF").of("user-1")).isNotEqualTo(name);
        assertThat(name).hasSize(Pseudonyms.LENGTH).doesNotContain("user").matches("[A-Za-z0-9_-]+");
    }

    @Test
    void differentUsersHaveDifferentPseudonyms() throws IOException {
        Pseudonyms pseudonyms = under("0123456789abcdef");
        Set<String> names = new HashSet<>();
        for (int user = 0; user < 10_000; user++) {
            names.add(pseudonyms.of("user-" + user));
        }

        assertThat(names).hasSize(10_000);
    }

    @Test
    void withoutAKeyIdsStayAsTheyAre() {
        Pseudonyms none = Pseudonyms.none();
        none.open();

        assertThat(none.of("user-1")).isEqualTo("user-1");
        assertThat(none.isOn()).isFalse();
    }

    @Test
    void aShortOrMissingKeySaysWhatToDo() {
        assertThatThrownBy(() -> under("short\n"))
                .hasMessageContaining("holds 5 bytes")
                .hasMessageContaining("openssl rand");
        Pseudonyms missing = Pseudonyms.keyedBy(folder.resolve("nothing").toString());
        assertThatThrownBy(missing::open).hasMessageContaining("nothing").hasMessageContaining("every TaskManager");
    }
}
