/** In which epoch a site writes, and who has claimed it. */
@NullMarked
package dev.rebound.deploy.control.epoch;

import org.jspecify.annotations.NullMarked;
