/** What a fault does to the local stack that outlasts whoever injected it, written down before it is done, and undone. */
@NullMarked
package dev.rebound.deploy.local.damage;

import org.jspecify.annotations.NullMarked;
