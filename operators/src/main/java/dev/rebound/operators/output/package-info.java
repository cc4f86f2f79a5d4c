/** The last step: encoded records on their way to their Kafka topics. */
@NullMarked
package dev.rebound.operators.output;

import org.jspecify.annotations.NullMarked;
