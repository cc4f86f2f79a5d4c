/** {@code rebound stack}: the local Kafka, HDFS and Flink. */
@NullMarked
package dev.rebound.deploy.ops.stack;

import org.jspecify.annotations.NullMarked;
