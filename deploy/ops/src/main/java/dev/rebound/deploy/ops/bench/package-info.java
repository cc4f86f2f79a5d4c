/** {@code rebound bench}: the benchmarks. */
@NullMarked
package dev.rebound.deploy.ops.bench;

import org.jspecify.annotations.NullMarked;
