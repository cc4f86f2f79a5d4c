package dev.rebound.deploy.ops.reconcile;

import dev.rebound.schemas.Recommendation;

/** The event or request of a user that a recommendation answers. */
record Cause(boolean ofRequest, String userId, String id) {

    static Cause event(String userId, String eventId) {
        return new Cause(false, userId, eventId);
    }

    static Cause request(String userId, String requestId) {
        return new Cause(true, userId, requestId);
    }

    static Cause of(Recommendation recommendation) {
        String requestId = recommendation.getRequestId();
        return requestId == null
                ? event(recommendation.getUserId(), String.valueOf(recommendation.getTriggerEventId()))
                : request(recommendation.getUserId(), requestId);
    }

    @Override
    public String toString() {
        return (ofRequest ? "request " : "event ") + id + " of " + Masked.user(userId);
    }
}
