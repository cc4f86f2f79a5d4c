/** {@code rebound model}: training, publishing and listing of ranking models. */
@NullMarked
package dev.rebound.deploy.ops.model;

import org.jspecify.annotations.NullMarked;
