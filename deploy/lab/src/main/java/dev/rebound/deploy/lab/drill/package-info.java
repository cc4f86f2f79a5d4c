/** Take-overs between two local sites under load, with measured RTO and RPO. */
@NullMarked
package dev.rebound.deploy.lab.drill;

import org.jspecify.annotations.NullMarked;
