/** How our own records and state values become bytes inside Flink: hand-written, versioned, never Kryo. */
@NullMarked
package dev.rebound.operators.serialization;

import org.jspecify.annotations.NullMarked;
