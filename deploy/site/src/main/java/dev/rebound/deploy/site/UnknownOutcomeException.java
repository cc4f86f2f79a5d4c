package dev.rebound.deploy.site;

/** What was asked for may have been done or not: nobody who knows answers. It must not be done again, or undone, before. */
public final class UnknownOutcomeException extends CommandFailedException {
    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
