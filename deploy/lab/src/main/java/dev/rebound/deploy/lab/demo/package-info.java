/** Everything once, on this machine. */
@NullMarked
package dev.rebound.deploy.lab.demo;

import org.jspecify.annotations.NullMarked;
