package dev.rebound.operators.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.Signals;
import dev.rebound.operators.user.UserSignal;
import dev.rebound.schemas.DeadLetter;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class InputWatermarksTest {
    private static final Duration IDLENESS = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final WatermarkStrategy<Decoded<UserSignal>> strategy =
            InputWatermarks.strategy(Duration.ofSeconds(30), IDLENESS);
    private final WatermarkGenerator<Decoded<UserSignal>> partition = strategy.createWatermarkGenerator(context());
    private final Said said = new Said();

    private WatermarkGeneratorSupplier.Context context() {
        return new WatermarkGeneratorSupplier.Context() {
            @Override
            public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
            }

            @Override
            public RelativeClock getInputActivityClock() {
                return clock;
            }
        };
    }

    private static final class Said implements WatermarkOutput {
        private long watermark = Long.MIN_VALUE;
        private boolean idle;

        @Override
        public void emitWatermark(Watermark mark) {
            watermark = mark.getTimestamp();
            idle = false;
        }

        @Override
        public void markIdle() {
            idle = true;
        }

        @Override
        public void markActive() {
            idle = false;
        }
    }

    private void read(Decoded<UserSignal> decoded) {
        partition.onEvent(decoded, decoded.value == null ? Long.MIN_VALUE : decoded.value.timeMillis, said);
    }

    private static Decoded<UserSignal> deadLetter() {
        return new Decoded<UserSignal>().of(new DeadLetter(), 1);
    }

    private static Decoded<UserSignal> event() {
        return new Decoded<UserSignal>().of(Signals.anEvent("e").atSecond(0));
    }

    @Test
    void aPartitionOfDeadLettersAloneBecomesIdle() {
        for (int second = 0; second < 15; second++) {
            read(deadLetter());
            partition.onPeriodicEmit(said);
            clock.advanceTime(Duration.ofSeconds(1));
        }

        assertThat(said.idle).isTrue();
    }

    @Test
    void anEventAmongDeadLettersIsTimed() {
        read(deadLetter());
        read(event());
        read(deadLetter());
        partition.onPeriodicEmit(said);

        assertThat(said.idle).isFalse();
        assertThat(said.watermark).isEqualTo(Signals.START - 30_001);
    }
}
