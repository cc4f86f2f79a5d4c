/** How well what people chose was predicted, beside baselines, on published data or anyone's own. */
@NullMarked
package dev.rebound.deploy.lab.evaluate;

import org.jspecify.annotations.NullMarked;
