package dev.rebound.operators.training;

import it.unimi.dsi.fastutil.floats.FloatArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Moments at which a user chose an item, each with the candidates that stood beside it. Features
 * are those of that moment, made by the code that serves.
 */
public final class TrainingSet {
    private final int sequenceLength;
    private final int candidates;
    private final int width;
    private final LongArrayList times;
    private final LongArrayList sequences;
    private final LongArrayList candidateKeys;
    private final FloatArrayList dense;
    private final FloatArrayList strengths;
    /** In the place of what was chosen at the oldest moments, float (moments x candidates); empty as a rule. */
    private final float[] softLabels;
    /** Where the moments lie; empty as long as they lie in their order. */
    private int[] places = {};

    /**
     * @param sequenceLength recent items a moment
     * @param candidates candidates a moment, fixed
     * @param width dense features a candidate
     */
    public TrainingSet(int sequenceLength, int candidates, int width) {
        this.sequenceLength = sequenceLength;
        this.candidates = candidates;
        this.width = width;
        this.times = new LongArrayList();
        this.sequences = new LongArrayList();
        this.candidateKeys = new LongArrayList();
        this.dense = new FloatArrayList();
        this.strengths = new FloatArrayList();
        this.softLabels = new float[0];
    }

    private TrainingSet(TrainingSet other, float[] softLabels) {
        this.sequenceLength = other.sequenceLength;
        this.candidates = other.candidates;
        this.width = other.width;
        this.times = other.times;
        this.sequences = other.sequences;
        this.candidateKeys = other.candidateKeys;
        this.dense = other.dense;
        this.strengths = other.strengths;
        this.softLabels = softLabels;
        this.places = other.places;
    }

    /**
     * The same moments with other labels for the oldest of them; nothing else is copied.
     *
     * @param oldest float (moments x candidates), in the order of the moments
     */
    TrainingSet relabelled(float[] oldest) {
        return new TrainingSet(this, oldest);
    }

    /**
     * Adds a moment.
     *
     * @param timeMillis event time
     * @param recentItemKeys newest first, {@code sequenceLength} long, 0 = none
     * @param keys item keys in retrieval order, {@code candidates} long, 0 = padding
     * @param denseFeatures float (candidates x width), row-major
     * @param candidateStrengths how strong the interest was in what the user chose, see features.Interaction, else 0;
     *     {@code candidates} long
     */
    public void add(
            long timeMillis, long[] recentItemKeys, long[] keys, float[] denseFeatures, float[] candidateStrengths) {
        times.add(timeMillis);
        sequences.addElements(sequences.size(), recentItemKeys, 0, sequenceLength);
        candidateKeys.addElements(candidateKeys.size(), keys, 0, candidates);
        dense.addElements(dense.size(), denseFeatures, 0, candidates * width);
        strengths.addElements(strengths.size(), candidateStrengths, 0, candidates);
    }

    /** Puts the moments into the order of time; of equal times the one that was added first stays first. */
    void sortByTime() {
        places = IntStream.range(0, size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer place) -> times.getLong(place)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int place(int moment) {
        return places.length == 0 ? moment : places[moment];
    }

    /** How many moments there are. */
    public int size() {
        return times.size();
    }

    public int sequenceLength() {
        return sequenceLength;
    }

    public int candidates() {
        return candidates;
    }

    public int width() {
        return width;
    }

    public long timeMillis(int moment) {
        return times.getLong(place(moment));
    }

    public long recentItemKey(int moment, int position) {
        return sequences.getLong(place(moment) * sequenceLength + position);
    }

    public long candidateKey(int moment, int candidate) {
        return candidateKeys.getLong(place(moment) * candidates + candidate);
    }

    public float dense(int moment, int candidate, int feature) {
        return dense.getFloat((place(moment) * candidates + candidate) * width + feature);
    }

    /** 1 for what the user chose, else 0; or what {@link #relabelled} says. */
    public float label(int moment, int candidate) {
        int place = moment * candidates + candidate;
        if (place < softLabels.length) {
            return softLabels[place];
        }
        return strength(moment, candidate) > 0 ? 1 : 0;
    }

    /** How strong the interest was; 0 where there was none. */
    public float strength(int moment, int candidate) {
        return strengths.getFloat(place(moment) * candidates + candidate);
    }
}
