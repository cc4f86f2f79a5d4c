/** The jobs of a site: submitted, stopped, upgraded, and taken back to a savepoint. */
@NullMarked
package dev.rebound.deploy.control.job;

import org.jspecify.annotations.NullMarked;
