package dev.rebound.operators.release;

import org.jspecify.annotations.Nullable;

/** A model package that must not serve. Says which file of which package is wrong, and what to do. */
public final class PackageRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public PackageRefusedException(String packageUri, String what, @Nullable Throwable cause) {
        super("Model package " + packageUri + ": " + what, cause);
    }
}
