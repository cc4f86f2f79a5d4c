/** Savepoints on their file system: what is in them, whether they are whole, and what can be restored from them. */
@NullMarked
package dev.rebound.deploy.control.savepoint;

import org.jspecify.annotations.NullMarked;
