package dev.rebound.deploy.site;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a chain of exceptions comes to, in a line: wrappers say where something failed, the last one says why. */
public final class InnermostCause {
    private InnermostCause() {}

    /** The innermost message, with the kind of exception where it has none of its own. */
    public static String of(Throwable failure) {
        List<Throwable> chain = chain(failure);
        for (int i = chain.size() - 1; i >= 0; i--) {
            String message = chain.get(i).getMessage();
            if (message != null && !message.isBlank()) {
                String first = message.lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse(message)
                        .strip();
                return i == chain.size() - 1 ? first : first + " (" + simpleName(chain.get(chain.size() - 1)) + ")";
            }
        }
        return simpleName(chain.get(chain.size() - 1));
    }

    /** The first of the chain that is of a kind; null if none is. */
    public static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        return chain(failure).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = failure; each != null && !chain.contains(each); each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }

    private static String simpleName(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
