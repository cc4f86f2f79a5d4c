package dev.rebound.deploy.lab.training;

import dev.rebound.deploy.site.CommandFailedException;
import java.util.Locale;

/** How a variant is cheaper than its original. */
public enum VariantKind {
    /** A smaller model, trained here to score as the original does. */
    DISTILLED,
    /** Linear layers with 8-bit integer weights, for the CPU; made in PyTorch. */
    INT8,
    /** 16-bit floating point, for a GPU; made in PyTorch. */
    HALF;

    /** Reads an option's value. */
    public static VariantKind parse(String text) {
        for (VariantKind kind : values()) {
            if (kind.label().equals(text)) {
                return kind;
            }
        }
        throw new CommandFailedException("--kind " + text + " is none of distilled, int8, half");
    }

    /** As lineages name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
