/** {@code rebound chaos}: faults injected into the running stack, and whether anything was lost or doubled by them. */
@NullMarked
package dev.rebound.deploy.ops.chaos;

import org.jspecify.annotations.NullMarked;
