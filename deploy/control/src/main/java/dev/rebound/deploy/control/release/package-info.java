/** Which version of a model has which stage, and which packages must be kept. */
@NullMarked
package dev.rebound.deploy.control.release;

import org.jspecify.annotations.NullMarked;
