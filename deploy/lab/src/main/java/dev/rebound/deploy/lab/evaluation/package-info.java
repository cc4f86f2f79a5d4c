/** Protocols that have a recommender predict what people did next, and the baselines beside it. */
@NullMarked
package dev.rebound.deploy.lab.evaluation;

import org.jspecify.annotations.NullMarked;
