package dev.rebound.deploy.lab.reconcile;

/** Names a user in what is printed and logged without the user's id. */
final class Masked {
    private Masked() {}

    /** The same for the same user; tells users apart well enough to find one among those of an event. */
    static String user(String userId) {
        return "user #" + Integer.toHexString(userId.hashCode());
    }
}
