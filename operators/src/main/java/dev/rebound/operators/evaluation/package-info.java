/**
 * How well recommendations foresee what people choose: each event is predicted from what was known before it, by the
 * pipeline itself and by baselines that see the same.
 */
@NullMarked
package dev.rebound.operators.evaluation;

import org.jspecify.annotations.NullMarked;
