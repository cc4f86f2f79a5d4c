package dev.rebound.deploy.local.command;

import dev.rebound.deploy.local.LocalStack;
import java.io.PrintWriter;

/**
 * Where the running stack is found.
 *
 * @param hdfs by the nameservice, which clients know by the stack's settings
 * @param logs folder of all logs
 */
record StackEndpoints(String site, String kafka, String hdfs, String nameNode, String flink, String logs) {

    static StackEndpoints of(LocalStack stack) {
        return new StackEndpoints(
                stack.name(),
                stack.kafka().bootstrapServers(),
                stack.hdfsUri().toString(),
                "127.0.0.1:" + stack.ports().nameNode(),
                stack.flinkRest().toString(),
                stack.layout().logs().toString());
    }

    void print(PrintWriter out) {
        out.println("Kafka  " + kafka);
        out.println("HDFS   " + hdfs + ", its NameNode at " + nameNode);
        out.println("Flink  " + flink);
        out.println("Logs   " + logs);
        out.println("Take it down with: rebound stack down" + (site.equals(LocalStack.MAIN) ? "" : " --site " + site));
    }
}
