/** A site: where its Kafka, Flink and files are, and how to reach them. */
@NullMarked
package dev.rebound.deploy.site;

import org.jspecify.annotations.NullMarked;
