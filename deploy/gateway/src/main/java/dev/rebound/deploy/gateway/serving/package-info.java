/** Which answer a request gets in time. */
@NullMarked
package dev.rebound.deploy.gateway.serving;

import org.jspecify.annotations.NullMarked;
