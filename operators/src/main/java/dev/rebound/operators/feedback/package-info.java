/** What users did with what was shown to them, as labels of examples and outcomes of versions. */
@NullMarked
package dev.rebound.operators.feedback;

import org.jspecify.annotations.NullMarked;
