/** {@code rebound replay}: a shop's data onto its topics. */
@NullMarked
package dev.rebound.deploy.ops.replay;

import org.jspecify.annotations.NullMarked;
