/** Disaster recovery: a standby that is kept ready, and takes over where the primary is lost. */
@NullMarked
package dev.rebound.deploy.control.dr;

import org.jspecify.annotations.NullMarked;
