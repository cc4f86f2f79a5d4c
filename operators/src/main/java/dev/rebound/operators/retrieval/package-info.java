/** Which items come into question for a user: the tables in memory, and the arithmetic over them. Knows no Flink. */
@NullMarked
package dev.rebound.operators.retrieval;

import org.jspecify.annotations.NullMarked;
