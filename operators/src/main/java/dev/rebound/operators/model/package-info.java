/** Features of users and candidates, and the models that score them. Knows no Flink. */
@NullMarked
package dev.rebound.operators.model;

import org.jspecify.annotations.NullMarked;
