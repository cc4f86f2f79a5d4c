package dev.rebound.deploy.local;

import dev.rebound.deploy.site.CommandFailedException;

/** A component of the local stack did not do what was asked; the message says which, why, and the next step. */
public class StackException extends CommandFailedException {
    private static final long serialVersionUID = 1L;

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
