package dev.rebound.deploy.terminal;

import picocli.CommandLine.Option;

/** Whether a command that deletes only tells what it would delete. */
public final class DryRun {
    @Option(names = "--dry-run", description = "Only tell what would be deleted.")
    private boolean on;

    public boolean isOn() {
        return on;
    }

    /** How a line begins that names what is deleted. */
    public String deleted() {
        return on ? "would delete " : "deleted ";
    }
}
