/** {@code rebound job}. */
@NullMarked
package dev.rebound.deploy.cli.job;

import org.jspecify.annotations.NullMarked;
