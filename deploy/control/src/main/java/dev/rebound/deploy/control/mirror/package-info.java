/** What a mirror has copied to a site, read where it keeps it. */
@NullMarked
package dev.rebound.deploy.control.mirror;

import org.jspecify.annotations.NullMarked;
