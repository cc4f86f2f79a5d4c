/** For readers of output topics: refuses what a site still writes that was taken over. Needs kafka-clients. */
@NullMarked
package dev.rebound.schemas.fence;

import org.jspecify.annotations.NullMarked;
