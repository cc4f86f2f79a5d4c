/** Batches of users, scored by the versions that are released, and what is made of the scores. */
@NullMarked
package dev.rebound.operators.scoring;

import org.jspecify.annotations.NullMarked;
