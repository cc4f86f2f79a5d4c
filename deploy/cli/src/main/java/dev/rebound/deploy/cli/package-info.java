/** The {@code rebound} command: one folder a subject, one small class a subcommand. */
@NullMarked
package dev.rebound.deploy.ops;

import org.jspecify.annotations.NullMarked;
