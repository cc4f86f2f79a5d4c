/** The answer to a request, and where it comes from. */
@NullMarked
package dev.rebound.deploy.gateway.answer;

import org.jspecify.annotations.NullMarked;
