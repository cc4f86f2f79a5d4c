/** {@code rebound doctor}. */
@NullMarked
package dev.rebound.deploy.cli.doctor;

import org.jspecify.annotations.NullMarked;
