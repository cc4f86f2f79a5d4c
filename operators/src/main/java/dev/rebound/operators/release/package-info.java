/** Model packages: what they must hold, who signed them, and which version does what. */
@NullMarked
package dev.rebound.operators.release;

import org.jspecify.annotations.NullMarked;
