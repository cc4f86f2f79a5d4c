/** {@code rebound reconcile}. */
@NullMarked
package dev.rebound.deploy.cli.reconcile;

import org.jspecify.annotations.NullMarked;
