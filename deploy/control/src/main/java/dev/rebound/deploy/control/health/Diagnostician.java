package dev.rebound.deploy.control.health;

import java.util.List;

/** Looks at a site again and again, and says after each look what is wrong and where it begins. */
public final class Diagnostician implements AutoCloseable {
    private final Observer observer;
    private final SymptomFinder finder;
    private final RootCause rootCause = new RootCause();

    Diagnostician(Observer observer, SymptomFinder finder) {
        this.observer = observer;
        this.finder = finder;
    }

    /** What a look saw and what follows from it. */
    record Round(Observation seen, List<Diagnosis> diagnoses) {}

    /** One for each cause, the gravest first. */
    public List<Diagnosis> look() throws InterruptedException {
        return round().diagnoses();
    }

    Round round() throws InterruptedException {
        Observation seen = observer.observe();
        return new Round(seen, rootCause.locate(finder.find(seen), seen.at()));
    }

    @Override
    public void close() {
        observer.close();
    }
}
