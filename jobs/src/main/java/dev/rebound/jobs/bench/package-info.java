/** Jobs that exist to be compared with: a floor for the whole pipeline, and the plain way to score. */
package dev.rebound.jobs.bench;
