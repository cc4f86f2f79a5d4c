/** {@code rebound stack}. */
@NullMarked
package dev.rebound.deploy.local.command;

import org.jspecify.annotations.NullMarked;
