/** What is kept of each item: its catalog entry, counters and neighbours, sent on as they change. */
@NullMarked
package dev.rebound.operators.item;

import org.jspecify.annotations.NullMarked;
