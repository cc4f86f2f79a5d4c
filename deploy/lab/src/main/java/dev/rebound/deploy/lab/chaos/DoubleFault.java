package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.local.LocalStack;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Two faults at once: the second strikes while the first lasts. */
final class DoubleFault implements Fault {
    /** Between the names of the two, as a regular expression. */
    static final String AND = "[+]";

    /** What the first one does has begun by then. */
    private static final Duration BETWEEN = Duration.ofSeconds(3);

    private final Fault first;
    private final Fault second;

    DoubleFault(Fault first, Fault second) {
        this.first = first;
        this.second = second;
    }

    /** @param singles of which it is made, by their names */
    static DoubleFault of(String first, String second, List<Fault> singles) {
        return new DoubleFault(named(first, singles), named(second, singles));
    }

    private static Fault named(String name, List<Fault> singles) {
        return singles.stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no fault " + name));
    }

    @Override
    public String name() {
        return first.name() + "+" + second.name();
    }

    @Override
    public String description() {
        return "both at once, and the doctor must name both";
    }

    @Override
    public Optional<String> impossible(LocalStack stack) {
        return first.impossible(stack).or(() -> second.impossible(stack));
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        long struckMillis = first.inject(target, random);
        Campaign.pause(BETWEEN.toMillis());
        second.inject(target, random);
        return struckMillis;
    }

    @Override
    public long holdMillis(SplittableRandom random) {
        return Math.max(first.holdMillis(random), second.holdMillis(random));
    }

    @Override
    public void heal(Target target) {
        second.heal(target);
        first.heal(target);
    }

    @Override
    public OptionalLong toldMillis() {
        return Stream.of(first, second)
                .flatMapToLong(fault -> fault.toldMillis().stream())
                .min();
    }

    @Override
    public List<String> findings() {
        return Stream.of(first, second)
                .flatMap(fault -> fault.findings().stream())
                .toList();
    }
}
