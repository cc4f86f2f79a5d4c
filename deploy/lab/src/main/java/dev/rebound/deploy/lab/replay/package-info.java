/** A shop's data onto its topics. */
@NullMarked
package dev.rebound.deploy.lab.replay;

import org.jspecify.annotations.NullMarked;
