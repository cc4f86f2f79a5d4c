/** How commands speak: progress and errors on standard error, results on standard output. */
@NullMarked
package dev.rebound.deploy.ops.console;

import org.jspecify.annotations.NullMarked;
