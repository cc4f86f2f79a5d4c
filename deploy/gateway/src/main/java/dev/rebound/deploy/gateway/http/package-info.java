/** The HTTP interface. */
@NullMarked
package dev.rebound.deploy.gateway.http;

import org.jspecify.annotations.NullMarked;
