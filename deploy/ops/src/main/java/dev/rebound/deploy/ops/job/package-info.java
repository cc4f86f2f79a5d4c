/** {@code rebound job}: the job on its Flink cluster, always through Flink's own command line. */
@NullMarked
package dev.rebound.deploy.ops.job;

import org.jspecify.annotations.NullMarked;
