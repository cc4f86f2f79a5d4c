/**
 * Watches released model versions in the stream and decides about canaries: {@link
 * dev.rebound.operators.release.guard.CanaryTest} is the statistics, {@link
 * dev.rebound.operators.release.guard.ReleaseGuard} the decisions, {@link
 * dev.rebound.operators.release.guard.ReleaseGuardOperator} the operator around them.
 */
@NullMarked
package dev.rebound.operators.release.guard;

import org.jspecify.annotations.NullMarked;
