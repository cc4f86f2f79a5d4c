/** Requests through Kafka and the job, and their answers back to the gateway that asked. */
@NullMarked
package dev.rebound.deploy.gateway.live;

import org.jspecify.annotations.NullMarked;
