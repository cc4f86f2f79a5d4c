/** From scores to what is shown: business rules, mix, exploration, campaigns, and the reasons. */
@NullMarked
package dev.rebound.operators.ranking;

import org.jspecify.annotations.NullMarked;
