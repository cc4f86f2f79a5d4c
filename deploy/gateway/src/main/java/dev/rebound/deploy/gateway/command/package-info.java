/** The command that runs a gateway. */
@NullMarked
package dev.rebound.deploy.gateway.command;

import org.jspecify.annotations.NullMarked;
