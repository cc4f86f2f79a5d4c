/** What is kept of each campaign: its scope and what its budget has spent, sent on as they change. */
@NullMarked
package dev.rebound.operators.campaigns;

import org.jspecify.annotations.NullMarked;
