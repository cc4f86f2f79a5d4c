/** {@code rebound replay}. */
@NullMarked
package dev.rebound.deploy.cli.replay;

import org.jspecify.annotations.NullMarked;
