package dev.rebound.deploy.control.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.deploy.control.backup.LeaseHolder;
import dev.rebound.deploy.control.epoch.EpochClaims.Claim;
import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochClaimsTest {
    @TempDir
    private Path folder;

    @Test
    void eachTakeOverHasAnEpochOfItsOwn() {
        Claim first = claims().claim(1, "me");
        assertThat(first.epoch()).isEqualTo(2);
        assertThat(claims().current()).as("as long as it is not done").isEqualTo(1);
        claims().finish(first);
        assertThat(claims().current()).isEqualTo(2);

        Claim second = claims().claim(1, "me");
        assertThat(second.epoch()).isEqualTo(3);
    }

    @Test
    void theEpochIsAfterThatOfTheOtherSite() {
        assertThat(claims().claim(7, "me").epoch()).isEqualTo(8);
    }

    @Test
    void whileOneTakesOverAnotherIsRefusedAndToldWho() {
        claims().claim(1, "first");

        assertThatThrownBy(() -> claims().claim(1, "second"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("epoch 2 is claimed by first for b")
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void whatADeadProcessBeganIsGoneOnWith() throws Exception {
        claims().claim(1, "first");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path claim = folder.resolve("epochs/2/claim-1.json");
        Files.writeString(claim, Files.readString(claim).replaceFirst("\"pid\":\\d+", "\"pid\":" + dead.pid()));

        Claim next = claims().claim(1, "second");

        assertThat(next.epoch()).isEqualTo(2);
        assertThat(next.number()).isEqualTo(2);
        assertThatThrownBy(() -> claims().claim(1, "third")).hasMessageContaining("claimed by second");
    }

    @Test
    void anAttemptThatFailedIsInNobodysWay() {
        claims().giveUp(claims().claim(1, "first"));

        assertThat(claims().claim(1, "second").number()).isEqualTo(2);
    }

    @Test
    void whoTookOverStandsByNoMore() {
        claims().requireNoneAfter(1, "b");
        claims().claim(1, "me");

        assertThatThrownBy(() -> claims().requireNoneAfter(1, "b")).hasMessageContaining("b stands by no more");
        claims().requireNoneAfter(2, "b");
    }

    @Test
    void noJobWritesInAnEpochBeforeThatOfAnotherSite() {
        claims().requireWriting(1);
        claims().noteElsewhere(new Claim(2, "a", "me", Instant.EPOCH, LeaseHolder.ofThisProcess(), 1));

        assertThatThrownBy(() -> claims().requireWriting(1))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("epoch 2 is claimed by me for a")
                .hasMessageContaining("rebound dr failback --site b --primary a");
        assertThatThrownBy(() -> claims().requireWriting(2))
                .as("no two sites write in the same")
                .isInstanceOf(CommandFailedException.class);
        claims().requireWriting(3);
        assertThat(claims().current()).as("it has not taken over").isEqualTo(1);
    }

    @Test
    void aSiteThatStandsByForOneOfItsOwnEpochDoesNotWrite() {
        claims().notePrimary("a", 1);
        claims().notePrimary("a", 1);

        assertThatThrownBy(() -> claims().requireWriting())
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("b stands by")
                .hasMessageContaining("epochs/1/elsewhere.json");
        Claim claim = claims().claim(1, "me");
        assertThat(claim.epoch()).isEqualTo(2);
        claims().requireWriting(2);
        claims().finish(claim);
        claims().requireWriting();
    }

    @Test
    void whoStandsByForAnotherSiteNamesThatOne() {
        claims().notePrimary("a", 1);
        claims().notePrimary("c", 1);

        assertThatThrownBy(() -> claims().requireWriting()).hasMessageContaining("--primary c");
    }

    @Test
    void whoIsThePrimaryAgainIsNotHeldBackByWhatItNotedWhenItStoodBy() {
        claims().notePrimary("a", 3);
        claims().notePrimary("b", 4);
        claims().notePrimary("a", 2);

        claims().requireWriting(4);
        assertThat(claims().elsewhere()).isEqualTo(4);
    }

    @Test
    void whatWasBegunBeforeAnotherSiteHadTheEpochIsNotGoneOnWith() {
        claims().giveUp(claims().claim(1, "me"));
        claims().noteElsewhere(new Claim(2, "a", "me", Instant.EPOCH, LeaseHolder.ofThisProcess(), 1));

        assertThat(claims().isUnderWay(1)).isFalse();
        assertThat(claims().claim(1, "me")).satisfies(claim -> {
            assertThat(claim.epoch()).as("no two sites have the same").isEqualTo(3);
            assertThat(claim.number()).isEqualTo(1);
        });
    }

    @Test
    void aTakeOverIsUnderWayUntilItIsDone() {
        assertThat(claims().isUnderWay(1)).isFalse();
        assertThat(claims().lastFinished()).isEmpty();
        Claim claim = claims().claim(1, "me");
        assertThat(claims().isUnderWay(1)).isTrue();
        claims().giveUp(claim);
        assertThat(claims().isUnderWay(1)).as("given up, it is to be repeated").isTrue();
        assertThat(claims().lastFinished()).isEmpty();

        claims().finish(claim);

        assertThat(claims().isUnderWay(1)).isFalse();
        assertThat(claims().lastFinished()).contains(claim);
    }

    @Test
    void aClaimIsSeenWholeOrNotAtAll() throws IOException {
        claims().claim(1, "me");

        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactly("claim-1.json");
        }
    }

    private EpochClaims claims() {
        return new EpochClaims("b", 1, folder.toUri(), new Configuration());
    }
}
