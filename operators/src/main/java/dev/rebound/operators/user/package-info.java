/** What is kept of each user, and what an event or request of a user has the other stages do. */
@NullMarked
package dev.rebound.operators.user;

import org.jspecify.annotations.NullMarked;
