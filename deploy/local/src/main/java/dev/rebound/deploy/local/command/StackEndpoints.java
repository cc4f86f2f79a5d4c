package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalStack;
import java.io.PrintWriter;

/**
 * Where the running stack is found.
 *
 * @param logs folder of all logs
 */
record StackEndpoints(String kafka, String hdfs, String flink, String logs) {

    static StackEndpoints of(LocalStack stack) {
        return new StackEndpoints(
                stack.kafka().bootstrapServers(),
                stack.hdfsUri().toString(),
                stack.flinkRest().toString(),
                stack.layout().logs().toString());
    }

    void print(PrintWriter out) {
        out.println("Kafka  " + kafka);
        out.println("HDFS   " + hdfs);
        out.println("Flink  " + flink);
        out.println("Logs   " + logs);
        out.println("Take it down with: rebound stack down");
    }
}
