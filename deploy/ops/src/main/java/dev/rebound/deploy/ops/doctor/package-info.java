/** {@code rebound doctor}: what is wrong with settings and health, and what to change. */
@NullMarked
package dev.rebound.deploy.ops.doctor;

import org.jspecify.annotations.NullMarked;
