/** How commands speak: progress and errors on standard error, results on standard output. */
@NullMarked
package dev.rebound.deploy.terminal;

import org.jspecify.annotations.NullMarked;
