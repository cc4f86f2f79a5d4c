package dev.rebound.deploy.gateway.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request and its response, which is written once. */
record Exchange(
        String route, Request request, Response response, Callback callback, Json json, GatewayMetrics metrics) {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    void json(int status, Object body) {
        write(status, JSON, json.write(body));
    }

    void problem(Problem problem) {
        write(problem.status(), PROBLEM, json.write(problem));
    }

    void write(int status, String contentType, byte[] body) {
        metrics.responded(route, status);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
