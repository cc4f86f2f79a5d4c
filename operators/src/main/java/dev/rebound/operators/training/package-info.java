/** Models from histories of events: the same features as in serving, replayed, and what is learned from them. */
@NullMarked
package dev.rebound.operators.training;

import org.jspecify.annotations.NullMarked;
