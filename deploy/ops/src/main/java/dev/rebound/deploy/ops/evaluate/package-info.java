/** {@code rebound evaluate}: how well what people chose was foreseen, beside baselines, on anyone's data. */
@NullMarked
package dev.rebound.deploy.ops.evaluate;

import org.jspecify.annotations.NullMarked;
