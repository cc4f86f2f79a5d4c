/** Copies of models, state and configuration on any Hadoop file system, and the way back. */
@NullMarked
package dev.rebound.deploy.control.backup;

import org.jspecify.annotations.NullMarked;
