/**
 * Continuous training: gathers labelled examples into slices, trains the next version of the LIVE model on them in a JVM
 * of its own, and publishes it where it is better.
 */
@NullMarked
package dev.rebound.operators.retraining;

import org.jspecify.annotations.NullMarked;
