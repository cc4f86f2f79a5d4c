/** Reading and asking of whole topics, as every check does. */
@NullMarked
package dev.rebound.deploy.site.topics;

import org.jspecify.annotations.NullMarked;
