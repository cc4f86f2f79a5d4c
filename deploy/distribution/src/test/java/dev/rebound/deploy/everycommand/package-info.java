/** Every command on a site that a file describes, as its operators type it. */
@NullMarked
package dev.rebound.deploy.everycommand;

import org.jspecify.annotations.NullMarked;
