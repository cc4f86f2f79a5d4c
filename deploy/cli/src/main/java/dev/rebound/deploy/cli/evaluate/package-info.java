/** {@code rebound evaluate}. */
@NullMarked
package dev.rebound.deploy.cli.evaluate;

import org.jspecify.annotations.NullMarked;
