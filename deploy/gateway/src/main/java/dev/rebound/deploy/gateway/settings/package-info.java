/** How a gateway serves, and whom. */
@NullMarked
package dev.rebound.deploy.gateway.settings;

import org.jspecify.annotations.NullMarked;
