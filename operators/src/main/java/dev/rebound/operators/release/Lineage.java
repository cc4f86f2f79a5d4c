package dev.rebound.operators.release;

import org.jspecify.annotations.Nullable;

/**
 * Where a version comes from.
 *
 * @param parentVersion the version that it was made from or continues; null for one that began anew
 * @param codeVersion of the code that made it
 * @param variant how it differs from its parent where it is the same model made cheaper, such as {@code distilled}; else
 *     null
 */
public record Lineage(
        @Nullable String parentVersion,
        @Nullable String codeVersion,
        @Nullable String variant) {

    /** Of a version that this code made from nothing but data. */
    public static Lineage ofThisCode() {
        return new Lineage(null, CodeVersion.CURRENT, null);
    }

    /** Of one that this code trained on from another. */
    public static Lineage continuing(String parentVersion) {
        return new Lineage(parentVersion, CodeVersion.CURRENT, null);
    }

    /** Of a cheaper form that this code made of a version. */
    public static Lineage variantOf(String parentVersion, String variant) {
        return new Lineage(parentVersion, CodeVersion.CURRENT, variant);
    }
}
