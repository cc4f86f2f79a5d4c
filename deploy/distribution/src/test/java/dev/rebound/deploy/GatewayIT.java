package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.gateway.Gateway;
import dev.rebound.deploy.gateway.settings.GatewaySettings;
import dev.rebound.deploy.local.LocalStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A shop's page asks over HTTP. */
@LongTest
class GatewayIT {
    private static final String PREFIX = "gateway.";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What a slow machine that does much else takes, not what a page should wait. */
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "a shop's/user 7%";
    private static final String USER_IN_PATH = "a%20shop's%2Fuser%207%25";

    @RegisterExtension
    static final RunningStack RUNNING = new RunningStack();

    @TempDir
    Path folder;

    private final LocalStack stack = RUNNING.stack();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @Test
    void aPageIsAnsweredLiveAndWhatItsUserDoesCounts() throws Exception {
        new TestPackages(stack.files().registry(), ShopUnderLoad.MODEL).writeGood("live");
        try (ShopUnderLoad shop = new ShopUnderLoad(stack, PREFIX, "live", Map.of())) {
            shop.flow(200);
            shop.awaitSent(1_000);
            start();
            await("caught up").atMost(PATIENCE).until(gateway::isCaughtUp);
            await("a live answer").atMost(PATIENCE).until(() -> source(ask()).equals("live"));
            assertThat(ask().get("items")).hasSize(10);

            String item = ask().get("items").get(0).get("itemId").asText();
            profileFollowsEvents(item);
        } finally {
            gateway.close();
        }
    }

    private void start() {
        gateway = Gateway.start(
                GatewaySettings.local(0, folder.resolve("held")).withDeadline(DEADLINE), stack.kafka(), PREFIX);
    }

    /** What was bought is not shown again, a profile is there, and after an erasure is not. */
    private void profileFollowsEvents(String item) throws Exception {
        assertThat(get("/v1/users/" + USER_IN_PATH + "/profile").statusCode()).isEqualTo(404);
        HttpResponse<String> accepted = post(
                "/v1/events",
                Map.of(
                        "events",
                        List.of(
                                Map.of("userId", USER, "type", "VIEW", "itemId", item),
                                Map.of("userId", USER, "type", "PURCHASE", "itemId", item))));
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(accepted.body()).get("eventIds")).hasSize(2);

        await("the profile")
                .atMost(PATIENCE)
                .until(() -> profile()
                        .filter(profile ->
                                profile.get("eventCounts").path("PURCHASE").asInt() == 1)
                        .isPresent());
        await("a live list without it").atMost(PATIENCE).until(() -> {
            JsonNode answer = answer(USER, (int) DEADLINE.toMillis());
            return source(answer).equals("live") && !items(answer).contains(item);
        });
        // Also in what is held: the list is committed with a checkpoint.
        await("the list is held")
                .atMost(PATIENCE)
                .until(() -> source(answer(USER, 1)).equals("lastList"));
        assertThat(items(answer(USER, 1))).doesNotContain(item);

        assertThat(client.send(
                                HttpRequest.newBuilder(at("/v1/users/" + USER_IN_PATH))
                                        .DELETE()
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);
        await("the erasure").atMost(PATIENCE).until(() -> profile().isEmpty());
    }

    private JsonNode ask() throws IOException, InterruptedException {
        return answer("visitor", (int) DEADLINE.toMillis());
    }

    private JsonNode answer(String user, int deadlineMillis) throws IOException, InterruptedException {
        HttpResponse<String> response = post(
                "/v1/recommendations", Map.of("userId", user, "scenario", "HOME", "deadlineMillis", deadlineMillis));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static String source(JsonNode answer) {
        return answer.get("source").asText();
    }

    private static List<String> items(JsonNode answer) {
        List<String> items = new ArrayList<>();
        answer.get("items").forEach(item -> items.add(item.get("itemId").asText()));
        return items;
    }

    private Optional<JsonNode> profile() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/v1/users/" + USER_IN_PATH + "/profile");
        return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(at(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                        .build(),
                BodyHandlers.ofString());
    }
}
