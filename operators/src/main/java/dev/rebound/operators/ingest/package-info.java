/** What comes from Kafka, decoded, validated and brought into the records of the stages; what cannot be used is a dead letter. */
@NullMarked
package dev.rebound.operators.ingest;

import org.jspecify.annotations.NullMarked;
