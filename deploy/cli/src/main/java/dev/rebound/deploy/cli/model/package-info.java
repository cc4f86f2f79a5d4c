/** {@code rebound model}. */
@NullMarked
package dev.rebound.deploy.cli.model;

import org.jspecify.annotations.NullMarked;
