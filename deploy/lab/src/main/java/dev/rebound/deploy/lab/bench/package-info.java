/** The benchmarks. */
@NullMarked
package dev.rebound.deploy.lab.bench;

import org.jspecify.annotations.NullMarked;
