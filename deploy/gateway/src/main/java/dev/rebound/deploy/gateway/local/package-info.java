/** What a gateway holds itself, on its disk, and what it answers from that. */
@NullMarked
package dev.rebound.deploy.gateway.local;

import org.jspecify.annotations.NullMarked;
