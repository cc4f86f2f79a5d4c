/** Recommendations, events and profiles over HTTP, within a deadline, also while the job does not answer. */
@NullMarked
package dev.rebound.deploy.gateway;

import org.jspecify.annotations.NullMarked;
