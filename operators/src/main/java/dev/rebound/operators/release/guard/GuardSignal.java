package dev.rebound.operators.release.guard;

import dev.rebound.operators.release.VersionHealth;
import dev.rebound.operators.serialization.RecordTypeInformation;
import dev.rebound.schemas.ModelRelease;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** What reaches the guard; exactly one of the three is set. */
public final class GuardSignal {
    /** For Flink. */
    public static final TypeInformation<GuardSignal> TYPE =
            new RecordTypeInformation<>(GuardSignal.class, new GuardSignalSerializer());

    public @Nullable VersionOutcome outcome;
    public @Nullable VersionHealth health;
    public @Nullable ModelRelease release;

    public static GuardSignal of(VersionOutcome outcome) {
        GuardSignal signal = new GuardSignal();
        signal.outcome = outcome;
        return signal;
    }

    public static GuardSignal of(VersionHealth health) {
        GuardSignal signal = new GuardSignal();
        signal.health = health;
        return signal;
    }

    public static GuardSignal of(ModelRelease release) {
        GuardSignal signal = new GuardSignal();
        signal.release = release;
        return signal;
    }
}
