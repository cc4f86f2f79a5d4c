package dev.rebound.deploy.gateway.answer;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where an answer comes from, the best first. */
public enum AnswerSource {
    /** The job has made it for this request. */
    LIVE("live"),
    /** What the user got last for the same scenario, without what is not sold any more or was just bought. */
    LAST_LIST("lastList"),
    /** What many take now in the user's categories, or in that of the item of the page. */
    POPULAR_IN_CATEGORIES("popularInCategories"),
    /** What many take now. */
    POPULAR("popular");

    private final String inJson;

    AnswerSource(String inJson) {
        this.inJson = inJson;
    }

    @JsonValue
    public String inJson() {
        return inJson;
    }
}
