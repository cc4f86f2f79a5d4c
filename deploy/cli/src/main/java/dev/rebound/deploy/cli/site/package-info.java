/** {@code rebound site}. */
@NullMarked
package dev.rebound.deploy.cli.site;

import org.jspecify.annotations.NullMarked;
