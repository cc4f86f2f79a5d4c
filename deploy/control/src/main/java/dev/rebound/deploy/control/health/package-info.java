/** Health: observe the components, decide what is wrong and where it begins, tell people and monitoring. */
@NullMarked
package dev.rebound.deploy.control.health;

import org.jspecify.annotations.NullMarked;
