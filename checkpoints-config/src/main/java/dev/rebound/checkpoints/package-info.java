/**
 * The settings that exactly-once needs from Flink, RocksDB, HDFS and Kafka, by environment, and a
 * checker that says where they contradict each other.
 */
@NullMarked
package dev.rebound.checkpoints;

import org.jspecify.annotations.NullMarked;
