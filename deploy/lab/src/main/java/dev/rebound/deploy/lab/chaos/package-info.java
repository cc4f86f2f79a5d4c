/** Faults injected into the running stack, and whether anything was lost or doubled by them. */
@NullMarked
package dev.rebound.deploy.lab.chaos;

import org.jspecify.annotations.NullMarked;
