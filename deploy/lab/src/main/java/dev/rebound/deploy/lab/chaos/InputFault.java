package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.lab.events.FeedRecord;
import dev.rebound.schemas.BehaviourEvent;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.Topic;
import dev.rebound.schemas.UndecodableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** A producer that misbehaves beside the steady flow: what it sends must be counted right all the same. */
final class InputFault implements Fault {
    private static final int RECORDS = 2_000;
    /** Far more in one go than the job does in a second on two cores. */
    private static final int BURST_RECORDS = 20_000;

    private static final int LATE_HOLD_MILLIS = 10_000;

    /** What it does to its records. */
    enum Distortion {
        DUPLICATES("input-duplicates", "every record is sent three times: each event counts once") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                List<FeedRecord> all = new ArrayList<>(records);
                all.addAll(records);
                all.addAll(records);
                return all;
            }
        },
        REORDERING("input-reordering", "records come in a random order: each counts, with its own time") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                List<FeedRecord> shuffled = new ArrayList<>(records);
                Collections.shuffle(shuffled, new Random(random.nextLong()));
                return shuffled;
            }
        },
        LATE("input-late", "records are held back and come when the watermark has long passed: each counts") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                return records;
            }
        },
        BURST("input-burst", "a minute's records come at once: backpressure, and all are dealt with") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                return records;
            }
        },
        POISON("input-poison", "every second record is cut or turned over: dead letters, and the job goes on") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                List<FeedRecord> spoiled = new ArrayList<>();
                for (FeedRecord record : records) {
                    boolean event = record.topic() == Topic.BEHAVIOUR_EVENTS && record.value() != null;
                    spoiled.add(event && random.nextBoolean() ? spoil(record, random) : record);
                }
                return spoiled;
            }
        },
        CLOCK_JUMP("input-clock-jump", "a producer's clock jumps a month ahead, and back: the watermark too") {
            @Override
            List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random) {
                return records.stream().map(Distortion::later).toList();
            }
        };

        private static final long JUMP_MILLIS = Duration.ofDays(30).toMillis();

        private final String faultName;
        private final String description;

        Distortion(String faultName, String description) {
            this.faultName = faultName;
            this.description = description;
        }

        abstract List<FeedRecord> of(List<FeedRecord> records, SplittableRandom random);

        private static FeedRecord spoil(FeedRecord record, SplittableRandom random) {
            byte[] value = record.value();
            byte[] spoiled = random.nextBoolean() ? Arrays.copyOf(value, random.nextInt(value.length)) : value.clone();
            if (spoiled.length == value.length) {
                // The marker of the encoding: what follows is no record of ours.
                spoiled[0] ^= (byte) 0xff;
            }
            return new FeedRecord(record.topic(), record.key(), spoiled);
        }

        private static FeedRecord later(FeedRecord record) {
            if (record.topic() != Topic.BEHAVIOUR_EVENTS) {
                return record;
            }
            RecordCodec<BehaviourEvent> codec = RecordCodec.of(BehaviourEvent.class);
            try {
                BehaviourEvent event = codec.decode(record.value(), null);
                event.setEventTime(event.getEventTime() + JUMP_MILLIS);
                return new FeedRecord(record.topic(), record.key(), codec.encode(event));
            } catch (UndecodableRecordException e) {
                // One of the corrupt records of the shop stays as it is.
                return record;
            }
        }
    }

    private final Distortion distortion;
    private List<FeedRecord> heldBack = List.of();

    InputFault(Distortion distortion) {
        this.distortion = distortion;
    }

    @Override
    public String name() {
        return distortion.faultName;
    }

    @Override
    public String description() {
        return distortion.description;
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        long struckMillis = System.currentTimeMillis();
        List<FeedRecord> records =
                distortion.of(target.load().take(distortion == Distortion.BURST ? BURST_RECORDS : RECORDS), random);
        if (distortion == Distortion.LATE) {
            heldBack = records;
        } else {
            target.load().send(records);
        }
        return struckMillis;
    }

    @Override
    public void heal(Target target) {
        target.load().send(heldBack);
        heldBack = List.of();
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return distortion == Distortion.LATE ? LATE_HOLD_MILLIS : 0;
    }
}
