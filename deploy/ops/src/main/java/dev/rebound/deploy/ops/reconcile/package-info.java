/**
 * {@code rebound reconcile}: what went in against what came out. Shares nothing with the operators but the records: a
 * mistake there must not hide here.
 */
@NullMarked
package dev.rebound.deploy.ops.reconcile;

import org.jspecify.annotations.NullMarked;
