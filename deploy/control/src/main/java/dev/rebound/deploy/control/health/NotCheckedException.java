package dev.rebound.deploy.control.health;

/** Says that something cannot be looked at here, which is neither sound nor ill: nobody configured it, or it may not be seen. */
final class NotCheckedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotCheckedException(String reason) {
        super(reason);
    }
}
