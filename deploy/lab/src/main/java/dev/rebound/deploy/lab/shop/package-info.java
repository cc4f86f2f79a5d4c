/** A made-up shop: its catalog, its customers and what they do, the same for the same seed. */
@NullMarked
package dev.rebound.deploy.lab.shop;

import org.jspecify.annotations.NullMarked;
