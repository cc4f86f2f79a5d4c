/** The official Flink distribution as processes of this machine, set up as a reader of docs/clusters.md sets up a cluster. */
@NullMarked
package dev.rebound.deploy.official;

import org.jspecify.annotations.NullMarked;
