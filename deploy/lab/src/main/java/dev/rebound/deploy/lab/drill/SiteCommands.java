package dev.rebound.deploy.lab.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Patience;
import dev.rebound.deploy.site.StackLayout;
import java.time.Duration;

/** The commands that an operator gives for one of two sites, which stands by for the other. */
final class SiteCommands {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final int MOST_LAG_SECONDS = 10;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final StackLayout main;
    private final String standby;
    private final String primary;

    SiteCommands(StackLayout main, String site, String other) {
        this.main = main;
        this.standby = site;
        this.primary = other;
    }

    /** {@code rebound dr standby}, until it is closed. */
    ReboundProcess standBy() {
        return ReboundProcess.start(main, "dr", "standby", "--site", standby, "--primary", primary);
    }

    /** Waits until the site could take over, has rehearsed it, and the mirror has caught up. */
    void awaitReady(ReboundProcess standingBy, SwitchedLoad load) {
        boolean ready = Patience.of(PATIENCE, PAUSE).until(() -> {
            if (!standingBy.isAlive()) {
                throw new CommandFailedException("The standby's copying has ended: " + standingBy.said());
            }
            load.requireFlowing();
            JsonNode status = status();
            return status.path("inTheWay").isEmpty() && hasCaughtUp(status) && status.hasNonNull("rehearsedSeconds");
        });
        if (!ready) {
            throw new CommandFailedException(standby + " can't take over after " + PATIENCE.toSeconds() + " s: "
                    + status() + " " + standingBy.said());
        }
    }

    private static boolean hasCaughtUp(JsonNode status) {
        for (JsonNode topic : status.path("lags")) {
            if (topic.path("seconds").asDouble() > MOST_LAG_SECONDS) {
                return false;
            }
        }
        return true;
    }

    private JsonNode status() {
        return ReboundProcess.start(main, "dr", "status", "--site", standby, "--primary", primary)
                .answer(PATIENCE, 1);
    }

    ReboundProcess failover() {
        return ReboundProcess.start(main, "dr", "failover", "--site", standby);
    }

    ReboundProcess failback() {
        return ReboundProcess.start(main, "dr", "failback", "--site", standby, "--primary", primary);
    }
}
