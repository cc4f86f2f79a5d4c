package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices that a job's event time stands while records come. That it is behind says little: a job that works off what has
 * waited, or replays an old year, is behind and moves on; one to which nobody sends anything stands and is well.
 */
final class WatermarkPace {
    /** Of the clock's pace. */
    private static final double LEAST = 0.5;

    private final Map<String, Course> jobs = new HashMap<>();

    /** Since when event time has not kept pace. */
    private static final class Course {
        private Instant lookedAt = Instant.MIN;
        private double records;
        private long watermarkMillis;
        private Duration busy = Duration.ZERO;
    }

    /**
     * To be called once a look.
     *
     * @return for how long records have come while event time did not keep pace; zero where it does
     */
    Duration lost(Observation.Job job, Instant now) {
        Long watermark = job.watermarkMillis();
        if (watermark == null || !job.allRunning()) {
            jobs.remove(job.id());
            return Duration.ZERO;
        }
        double records = job.sum(FlinkProbe.SIGNALS_READ);
        Course course = jobs.get(job.id());
        if (course == null) {
            course = new Course();
            course.watermarkMillis = watermark;
            jobs.put(job.id(), course);
        } else if (records != course.records || job.sum(FlinkProbe.RECORDS_WAITING) > 0) {
            course.busy = course.busy.plus(Duration.between(course.lookedAt, now));
        }
        course.lookedAt = now;
        course.records = records;
        if (keepsPace(course, watermark)) {
            course.watermarkMillis = watermark;
            course.busy = Duration.ZERO;
        }
        return course.busy;
    }

    private static boolean keepsPace(Course course, long watermark) {
        if (watermark == course.watermarkMillis) {
            return false;
        }
        // The first one there is, or one that begins anew with the job.
        return course.watermarkMillis == Long.MIN_VALUE
                || watermark < course.watermarkMillis
                || watermark - course.watermarkMillis >= LEAST * course.busy.toMillis();
    }
}
