package dev.rebound.deploy.site;

/** A command can't do what was asked. The message says what, where, why and the next step, in one line. */
public class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
