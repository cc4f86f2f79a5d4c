/** {@code rebound demo}, {@code chaos} and {@code bench}, and what other commands share with them. */
@NullMarked
package dev.rebound.deploy.lab.command;

import org.jspecify.annotations.NullMarked;
