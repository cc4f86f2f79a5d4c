/** Kafka with TLS, passwords and rights, and HDFS with Kerberos, as processes of this machine. */
@NullMarked
package dev.rebound.deploy.secured;

import org.jspecify.annotations.NullMarked;
