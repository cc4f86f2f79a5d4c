package dev.rebound.operators.ingest;

import dev.rebound.operators.user.UserSignal;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.BoundedOutOfOrdernessWatermarks;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.eventtime.WatermarksWithIdleness;

/**
 * Tells how far a partition of events or requests is: a bounded time behind the newest of them. A dead letter has no time,
 * and is no sign of life either: a partition in which there are only such counts as idle, and does not hold back the others.
 */
public final class InputWatermarks implements WatermarkGenerator<Decoded<UserSignal>> {
    private final WatermarkGenerator<Decoded<UserSignal>> ofValues;

    private InputWatermarks(WatermarkGenerator<Decoded<UserSignal>> ofValues) {
        this.ofValues = ofValues;
    }

    /**
     * Event time by the signals' own times.
     *
     * @param outOfOrderness how far behind the newest of its partition a signal may be without being late
     * @param idleness after how long without signals a partition no longer holds back the watermark
     */
    public static WatermarkStrategy<Decoded<UserSignal>> strategy(Duration outOfOrderness, Duration idleness) {
        return WatermarkStrategy.<Decoded<UserSignal>>forGenerator(
                        context -> new InputWatermarks(new WatermarksWithIdleness<>(
                                new BoundedOutOfOrdernessWatermarks<>(outOfOrderness),
                                idleness,
                                context.getInputActivityClock())))
                .withTimestampAssigner(
                        (decoded, ignored) -> decoded.value == null ? Long.MIN_VALUE : decoded.value.timeMillis);
    }

    @Override
    public void onEvent(Decoded<UserSignal> decoded, long timeMillis, WatermarkOutput output) {
        if (decoded.value != null) {
            ofValues.onEvent(decoded, timeMillis, output);
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        ofValues.onPeriodicEmit(output);
    }
}
