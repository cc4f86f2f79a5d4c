package dev.rebound.deploy.site;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends requests to whichever JobManager answers. */
final class FlinkHttp {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final FlinkAccess access;
    private final Duration patience;
    private volatile @Nullable HttpClient client;
    private volatile URI address;

    FlinkHttp(FlinkAccess access, Duration patience) {
        this.access = access;
        this.address = access.addresses().get(0);
        this.patience = patience;
    }

    /** Made with the first question: a command that asks Flink nothing needs no key store of it. */
    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(patience);
            access.sslContext().ifPresent(builder::sslContext);
            made = builder.build();
            client = made;
        }
        return made;
    }

    FlinkHttp within(Duration patienceWithEach) {
        return new FlinkHttp(access, patienceWithEach);
    }

    /** The one that answered last. */
    URI address() {
        return address;
    }

    List<URI> addresses() {
        return access.addresses();
    }

    /** One that knows no leader refuses everything, and is there. */
    boolean answers(URI jobManager) {
        HttpRequest request = request(jobManager, "/config").build();
        try {
            client().send(request, BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRestException("Interrupted while waiting for " + request.uri(), e);
        }
    }

    /** Asks the JobManager that answered last, and each other one if it can't be reached. */
    String send(String method, String path, @Nullable String json) {
        URI last = address;
        List<URI> others =
                addresses().stream().filter(each -> !each.equals(last)).toList();
        try {
            return send(method, last, path, json);
        } catch (IOException e) {
            for (URI other : others) {
                try {
                    String body = send(method, other, path, json);
                    address = other;
                    return body;
                } catch (IOException alsoGone) {
                    e.addSuppressed(alsoGone);
                }
            }
            throw new FlinkRestException("Flink does not answer at " + addresses() + ": " + explained(e), e);
        }
    }

    private static String explained(IOException failure) {
        SSLException tls = InnermostCause.find(failure, SSLException.class);
        if (tls != null) {
            return InnermostCause.of(failure) + ". Check flink.rest, flink.trust-store and flink.key-store of the site:"
                    + " whether the address is https, the server's certificate trusted and in date, and whether it asks"
                    + " for one of the client's";
        }
        if (failure instanceof HttpTimeoutException || InnermostCause.find(failure, ConnectException.class) != null) {
            return InnermostCause.of(failure) + ". Is the cluster up? The local one starts with: rebound stack up";
        }
        return InnermostCause.of(failure) + ". A cluster with TLS wants https in flink.rest of the site";
    }

    private HttpRequest.Builder request(URI jobManager, String path) {
        String base = jobManager.toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .timeout(patience);
        access.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private String send(String method, URI jobManager, String path, @Nullable String json) throws IOException {
        HttpRequest.Builder builder = request(jobManager, path);
        if (json == null) {
            builder.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            builder.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        HttpRequest request = builder.build();
        try {
            var response = client().send(request, BodyHandlers.ofString());
            int status = response.statusCode();
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                throw new FlinkRestException(
                        "Flink at " + jobManager + " refuses flink.user and flink.password of the site"
                                + " with status " + status,
                        status);
            }
            if (status / 100 != 2) {
                throw new FlinkRestException(
                        request.method() + " " + request.uri() + " was refused with status " + status + ": "
                                + response.body(),
                        status);
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRestException("Interrupted while waiting for " + request.uri(), e);
        }
    }
}
