/** Starts and stops Kafka, HDFS and Flink as processes of this machine, from the assembled distribution. */
@NullMarked
package dev.rebound.deploy.local;

import org.jspecify.annotations.NullMarked;
