/** {@code rebound demo}: everything once, on this machine. */
@NullMarked
package dev.rebound.deploy.ops.demo;

import org.jspecify.annotations.NullMarked;
