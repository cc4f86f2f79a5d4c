/**
 * A second, independent pass over what went in, which says what must have come out. It shares no arithmetic with the job: it
 * is written from the schemas and docs/concepts.md.
 */
@NullMarked
package dev.rebound.deploy.lab.reconcile;

import org.jspecify.annotations.NullMarked;
