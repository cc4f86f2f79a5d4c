package dev.rebound.deploy.site;

/** Whoever is told how far long work has come. */
public interface Progress {
    /** One line for a person. */
    void progress(String message);
}
