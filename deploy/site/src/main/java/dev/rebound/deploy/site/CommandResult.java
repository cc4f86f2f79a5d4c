package dev.rebound.deploy.site;

/**
 * How a command that ran to its end went.
 *
 * @param exitCode 0 for success
 * @param output standard output and standard error, in the order of writing
 */
public record CommandResult(int exitCode, String output) {

    public boolean succeeded() {
        return exitCode == 0;
    }
}
