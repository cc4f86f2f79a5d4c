package dev.rebound.deploy.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What the server itself refuses, told as the gateway tells what it refuses: a JSON problem, and no page. */
final class JsonErrors extends ErrorHandler {
    private static final String PROBLEM = "application/problem+json";

    private final GatewayMetrics metrics;
    private final Json json = new Json(1024);

    JsonErrors(GatewayMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        metrics.responded("refused", code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, PROBLEM);
        response.write(true, ByteBuffer.wrap(problem(code, message)), callback);
    }

    private byte[] problem(int code, @Nullable String message) {
        String title = HttpStatus.getMessage(code);
        String detail =
                switch (code) {
                    case HttpStatus.TOO_MANY_REQUESTS_429 ->
                        "There are too many requests, of this caller or in all; wait and send it again";
                    case HttpStatus.REQUEST_TIMEOUT_408 -> "The request came too slowly";
                    default -> message == null ? title : message;
                };
        return json.write(Problem.of(code, title, detail));
    }
}
