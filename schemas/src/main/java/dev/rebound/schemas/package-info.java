/** The Avro contract of every topic: records (generated), topics, and their wire codec. */
package dev.rebound.schemas;
