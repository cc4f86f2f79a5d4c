/** The {@code rebound} command: one folder a subject, one small class a subcommand. */
@NullMarked
package dev.rebound.deploy.cli;

import org.jspecify.annotations.NullMarked;
