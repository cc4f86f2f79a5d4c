/** The copying of one site's topics to another site. */
@NullMarked
package dev.rebound.deploy.site.mirror;

import org.jspecify.annotations.NullMarked;
