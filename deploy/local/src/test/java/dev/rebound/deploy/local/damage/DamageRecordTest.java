package dev.rebound.deploy.local.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.local.StackPorts;
import dev.rebound.deploy.local.damage.Damage.Kind;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a stack that is down, of which nothing has to be undone. */
class DamageRecordTest {
    private static final Damage FROZEN = new Damage(Kind.FROZEN, "datanode");

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private StackLayout layout;
    private LocalStack stack;

    @BeforeEach
    void aStackThatIsDown() throws Exception {
        layout = new StackLayout(folder.resolve("home"), folder.resolve("var"));
        stack = new LocalStack(layout, StackPorts.free());
    }

    @Test
    void whatIsLeftIsUndoneByTheNextCommandAndSaid() {
        try (DamageRecord record = DamageRecord.of(layout)) {
            record.add(List.of(FROZEN));
        }
        assertThat(DamageRecord.left(layout)).containsExactly("stopped with SIGSTOP: datanode");

        DamageRecord.undoLeft(stack, said::add);

        assertThat(said).containsExactly("undoing: stopped with SIGSTOP: datanode");
        assertThat(DamageRecord.left(layout)).isEmpty();
    }

    @Test
    void theDamageOfACommandThatLivesIsItsOwn() {
        try (DamageRecord record = DamageRecord.of(layout)) {
            record.add(List.of(FROZEN));

            DamageRecord.undoLeft(stack, said::add);

            assertThat(said).isEmpty();
            assertThatThrownBy(() -> DamageRecord.of(layout))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("chaos.claim");
        }
        assertThat(DamageRecord.left(layout)).hasSize(1);
    }

    @Test
    void whatCantBeUndoneStaysInTheRecordAndDoesNotKeepTheRestFromIt() {
        Damage impossible = new Damage(Kind.DROPPED_PACKETS, "no port");
        try (DamageRecord record = DamageRecord.of(layout)) {
            record.add(List.of(impossible, FROZEN));

            assertThatThrownBy(() -> record.undoAll(stack, said::add))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining(impossible.text());
        }

        assertThat(DamageRecord.left(layout)).containsExactly(impossible.text());
    }

    @Test
    void oneDamageMayOutlastTheOthers() {
        Damage watchdog = new Damage(Kind.FROZEN, "watchdog");
        try (DamageRecord record = DamageRecord.of(layout)) {
            record.add(List.of(watchdog));
            record.add(List.of(FROZEN));

            record.undoAllBut(watchdog, stack);
        }

        assertThat(DamageRecord.left(layout)).containsExactly(watchdog.text());
    }

    @Test
    void afterTheEndNothingIsDamaged() {
        DamageRecord record = DamageRecord.of(layout);
        record.close();

        assertThatThrownBy(() -> record.add(List.of(FROZEN))).isInstanceOf(CommandFailedException.class);
        assertThat(DamageRecord.left(layout)).isEmpty();
    }

    @Test
    void aRecordThatCantBeReadIsNamed() throws Exception {
        Files.createDirectories(layout.run());
        Files.writeString(layout.run().resolve("damage.json"), "[{");

        assertThatThrownBy(() -> DamageRecord.undoLeft(stack, said::add))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("damage.json");
    }
}
