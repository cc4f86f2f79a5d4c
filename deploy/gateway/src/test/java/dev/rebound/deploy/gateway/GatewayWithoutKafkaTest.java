package dev.rebound.deploy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.gateway.settings.GatewaySettings;
import dev.rebound.deploy.site.KafkaCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway whose Kafka is away: it says what is wrong with a request, and answers the others from what it holds, which is nothing. */
class GatewayWithoutKafkaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD = "{\"userId\":\"u\",\"scenario\":\"HOME\"}";

    @TempDir
    static Path folder;

    private static Gateway gateway;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        gateway = Gateway.start(
                GatewaySettings.local(0, folder.resolve("held")), KafkaCluster.plain("127.0.0.1:1"), "shop.");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static URI at(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private static JsonNode problem(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        return JSON.readTree(response.body());
    }

    @Test
    void aGoodRequestIsAnsweredWithNothingRatherThanNotAtAll() throws Exception {
        HttpResponse<byte[]> response = post("/v1/recommendations", GOOD.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()).get("source").asText()).isEqualTo("popular");
        assertThat(JSON.readTree(response.body()).get("items")).isEmpty();
    }

    @Test
    void anEventIsNotAcceptedAsLongAsKafkaDoesNotHaveIt() throws Exception {
        HttpResponse<byte[]> response = post(
                "/v1/events", "{\"userId\":\"u\",\"type\":\"VIEW\",\"itemId\":\"i\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(problem(response).get("title").asText()).isEqualTo("Not accepted");
    }

    @Test
    void itLivesAndIsNotReady() throws Exception {
        assertThat(send(HttpRequest.newBuilder(at("/health/live"))).statusCode())
                .isEqualTo(200);
        assertThat(send(HttpRequest.newBuilder(at("/health/ready"))).statusCode())
                .isEqualTo(503);
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("{}", "scenario"),
                Arguments.of("{\"scenario\":\"HOME\"}", "userId"),
                Arguments.of("{\"userId\":\"\",\"scenario\":\"HOME\"}", "userId"),
                Arguments.of("{\"userId\":7,\"scenario\":\"HOME\"}", "userId"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOUSE\"}", "scenario"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"UNKNOWN\"}", "scenario"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":1}", "scenario"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"SEARCH\"}", "query"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"SIMILAR_ITEMS\"}", "contextItemId"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"count\":0}", "count"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"count\":1.5}", "count"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"count\":\"3\"}", "count"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"deadlineMillis\":0}", "deadlineMillis"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"candidates\":[\"a\",null]}", "candidates"),
                Arguments.of("{\"userId\":\"u\",\"scenario\":\"HOME\",\"limit\":3}", "limit"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void aWrongFieldIsNamed(String body, String field) throws Exception {
        HttpResponse<byte[]> response = post("/v1/recommendations", body.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).get("field").asText()).isEqualTo(field);
    }

    @Test
    void aWrongEventIsNamedByItsPlace() throws Exception {
        String body = "{\"events\":[{\"userId\":\"u\",\"type\":\"VIEW\",\"itemId\":\"i\"},"
                + "{\"userId\":\"u\",\"type\":\"VIEW\"}]}";

        HttpResponse<byte[]> response = post("/v1/events", body.getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).get("field").asText()).isEqualTo("events[1].itemId");
    }

    @Test
    void whatIsNotServedIsToldSo() throws Exception {
        assertThat(send(HttpRequest.newBuilder(at("/v2/recommendations"))).statusCode())
                .isEqualTo(404);
        HttpResponse<byte[]> get = send(HttpRequest.newBuilder(at("/v1/recommendations")));
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertThat(send(HttpRequest.newBuilder(at("/v1/recommendations")).POST(BodyPublishers.ofString(GOOD)))
                        .statusCode())
                .isEqualTo(415);
        assertThat(post("/v1/recommendations", new byte[600 * 1024]).statusCode())
                .isEqualTo(413);
        assertThat(send(HttpRequest.newBuilder(at("/v1/users/a%2Fb%25/profile")))
                        .statusCode())
                .isEqualTo(404);
    }

    /** Whatever comes, it is the sender's fault, is told as a problem, and the next good request is answered. */
    @Test
    void noBytesAreTheGatewaysFault() throws Exception {
        Random random = new Random(7);
        for (int n = 0; n < 500; n++) {
            HttpResponse<byte[]> response = post(n % 2 == 0 ? "/v1/recommendations" : "/v1/events", bad(random, n));
            assertThat(response.statusCode()).as("of body %d", n).isBetween(400, 499);
            assertThat(problem(response).get("detail").asText()).isNotBlank();
        }

        assertThat(post("/v1/recommendations", GOOD.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
    }

    private static byte[] bad(Random random, int n) {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        return switch (n % 5) {
            case 0 -> bytes;
            case 1 -> "[".repeat(1 + random.nextInt(20_000)).getBytes(StandardCharsets.UTF_8);
            case 2 -> GOOD.substring(0, 1 + random.nextInt(GOOD.length() - 1)).getBytes(StandardCharsets.UTF_8);
            case 3 ->
                ("{\"userId\":\"" + "u".repeat(257 + random.nextInt(2_000))
                                + "\",\"scenario\":\"HOME\",\"type\":\"VIEW\"}")
                        .getBytes(StandardCharsets.UTF_8);
            default ->
                ("{\"userId\":\"u\",\"count\":" + "9".repeat(1 + random.nextInt(500)) + "}")
                        .getBytes(StandardCharsets.UTF_8);
        };
    }

    @Test
    void aBodyThatNeverComesIsNotWaitedForForEver() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write(("POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(60_000);
            InputStream in = socket.getInputStream();

            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void metricsAndTheDescriptionAreServed() throws Exception {
        assertThat(new String(send(HttpRequest.newBuilder(at("/metrics"))).body(), StandardCharsets.UTF_8))
                .contains("rebound_gateway_caught_up 0.0");
        assertThat(new String(
                        send(HttpRequest.newBuilder(at("/v1/openapi.yaml"))).body(), StandardCharsets.UTF_8))
                .contains("/v1/recommendations");
    }
}
