/** The last step: encoded records on their way to their Kafka topics. */
package dev.rebound.operators.output;
