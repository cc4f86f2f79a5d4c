/** Where a shop's catalog, events and requests come from: files of several formats, or a generator. */
@NullMarked
package dev.rebound.deploy.lab.events;

import org.jspecify.annotations.NullMarked;
