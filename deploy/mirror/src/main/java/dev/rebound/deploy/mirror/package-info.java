/** What runs inside MirrorMaker. */
@NullMarked
package dev.rebound.deploy.mirror;

import org.jspecify.annotations.NullMarked;
