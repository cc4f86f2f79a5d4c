/** How our own records and state values become bytes inside Flink: hand-written, versioned, never Kryo. */
package dev.rebound.operators.serialization;
