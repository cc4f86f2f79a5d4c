/** {@code rebound backup}. */
@NullMarked
package dev.rebound.deploy.cli.backup;

import org.jspecify.annotations.NullMarked;
