package dev.rebound.deploy.secured;

import org.apache.kafka.common.security.scram.ScramLoginModule;

/** Who may speak to {@link SecuredKafka}. */
public enum KafkaUser {
    /** May do everything. */
    ADMIN("admin"),
    /** Runs jobs. */
    JOB("rebound-job"),
    /** Runs commands. */
    OPERATIONS("rebound-ops");

    private final String userName;

    KafkaUser(String userName) {
        this.userName = userName;
    }

    public String userName() {
        return userName;
    }

    public String password() {
        return "password-of-" + userName;
    }

    /** As rights name it. */
    public String principal() {
        return "User:" + userName;
    }

    /** For {@code sasl.jaas.config}. */
    public String login(String password) {
        return ScramLoginModule.class.getName() + " required username=\"" + userName + "\" password=\"" + password
                + "\";";
    }
}
