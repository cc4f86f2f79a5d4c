/** {@code rebound dr}: the second site. */
@NullMarked
package dev.rebound.deploy.cli.dr;

import org.jspecify.annotations.NullMarked;
