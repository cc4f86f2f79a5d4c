/** Reading whole topics, as every check does. */
@NullMarked
package dev.rebound.deploy.ops.topics;

import org.jspecify.annotations.NullMarked;
