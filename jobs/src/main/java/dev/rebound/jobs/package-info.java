/** One class a job, each readable from top to bottom as its dataflow, and the options that they share. */
package dev.rebound.jobs;
