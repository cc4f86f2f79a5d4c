package dev.rebound.deploy.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rebound.deploy.cli.Rebound;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EvaluateCommandTest {
    private static final int ITEMS = 40;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine command = Rebound.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    /** Users who go from each item to the next number, now and then to any. */
    private Path walks(String name, int users, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            int item = random.nextInt(ITEMS);
            for (int step = 0; step < 6; step++) {
                long time = 1_700_000_000_000L + user * 60_000L + step * 1000L;
                lines.add(String.format(
                        "{\"eventId\":\"%s-%d-%d\",\"userId\":\"%s-%d\",\"type\":\"VIEW\",\"itemId\":\"i%d\",\"eventTime\":%d}",
                        name, user, step, name, user, item, time));
                item = random.nextInt(10) == 0 ? random.nextInt(ITEMS) : (item + 1) % ITEMS;
            }
        }
        return Files.write(folder.resolve(name + ".jsonl"), lines);
    }

    @Test
    void aPatternThatThereIsIsForeseenAndWhatThereIsNotIsNot() throws Exception {
        Path train = walks("train", 300, 1);
        Path test = walks("test", 40, 2);

        int exit = execute(
                "evaluate",
                "--events",
                train.toString(),
                "--test",
                test.toString(),
                "--protocol",
                "next-item",
                "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.get("protocol").textValue()).isEqualTo("next-item");
        assertThat(result.get("n").longValue()).isEqualTo(40 * 5);
        JsonNode metrics = result.get("metrics");
        assertThat(metrics.get("rebound").get("mrr@20").doubleValue()).isGreaterThan(0.7);
        assertThat(metrics.get("markov").get("mrr@20").doubleValue()).isGreaterThan(0.7);
        assertThat(metrics.get("popularity").get("mrr@20").doubleValue()).isLessThan(0.4);
        assertThat(metrics.get("rebound").get("ci95").get("mrr@20").doubleValue())
                .isBetween(0.0, 0.1);
    }

    /** Users who each buy of one category, and redeem the coupon on another of its items. */
    private List<String> shoppers(boolean asking) {
        List<String> lines = new ArrayList<>();
        for (int item = 0; item < ITEMS; item++) {
            lines.add("{\"itemId\":\"i%d\",\"categoryPath\":[\"c%d\"],\"updatedAt\":1700000000000}"
                    .formatted(item, item % 20));
        }
        for (int user = 0; user < 60; user++) {
            long time = 1_700_000_000_000L + user * 60_000L;
            int taste = user % 20;
            for (int bought = 0; bought < 3; bought++) {
                lines.add(("{\"eventId\":\"%d-%d\",\"userId\":\"%d\",\"type\":\"PURCHASE\",\"itemId\":\"i%d\","
                                + "\"eventTime\":%d}")
                        .formatted(user, bought, user, taste, time + bought));
            }
            if (asking) {
                lines.add("{\"requestId\":\"q%d\",\"userId\":\"%d\",\"scenario\":\"CAMPAIGN\",\"requestedAt\":%d}"
                        .formatted(user, user, time + 10));
            }
            lines.add(("{\"eventId\":\"%d-r\",\"userId\":\"%d\",\"type\":\"PURCHASE\",\"campaignId\":\"on-i%d\","
                            + "\"eventTime\":%d}")
                    .formatted(user, user, taste + 20, time + 20));
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void campaignsThatUsersRedeemAreForeseen(boolean asking) throws Exception {
        Path events = Files.write(folder.resolve("events.jsonl"), shoppers(asking));
        List<String> campaigns = new ArrayList<>();
        for (int item = 20; item < ITEMS; item++) {
            campaigns.add(("{\"campaignId\":\"on-i%d\",\"kind\":\"COUPON\",\"itemIds\":[\"i%d\"],\"startsAt\":%d,"
                            + "\"endsAt\":1800000000000}")
                    .formatted(item, item, 1_600_000_000_000L + item));
        }
        Path file = Files.write(folder.resolve("campaigns.jsonl"), campaigns);

        int exit = execute(
                "evaluate",
                "--events",
                events.toString(),
                "--campaigns",
                file.toString(),
                "--protocol",
                "campaigns",
                "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.get("n").longValue()).isEqualTo(60);
        JsonNode metrics = result.get("metrics");
        assertThat(metrics.get("rebound-without-floor").get("mrr@10").doubleValue())
                .isEqualTo(1);
        assertThat(metrics.get("rebound").get("recall@10").doubleValue()).isGreaterThan(0.9);
        assertThat(metrics.get("popularity").get("recall@10").doubleValue()).isLessThan(0.8);
    }

    @Test
    void campaignsNeedCampaigns() throws Exception {
        Path events = walks("events", 3, 1);

        assertThat(execute("evaluate", "--events", events.toString(), "--protocol", "campaigns"))
                .isNotZero();
        assertThat(err.toString()).contains("--campaigns");
    }

    @Test
    void whatComesAtASplitIsForeseenAndDrawn() throws Exception {
        Path events = walks("train", 300, 1);
        Path chart = folder.resolve("chart.png");

        int exit = execute(
                "evaluate",
                "--events",
                events.toString(),
                "--split-at",
                String.valueOf(1_700_000_000_000L + 250 * 60_000L),
                "--chart",
                chart.toString(),
                "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.get("n").longValue()).isEqualTo(50 * 5);
        assertThat(result.get("metrics").get("rebound").get("auc").doubleValue())
                .isBetween(0.5, 1.0);
        assertThat(ImageIO.read(chart.toFile()).getHeight()).isPositive();
    }

    @Test
    void aTimeThatIsNoneIsACallError() {
        assertThat(execute("evaluate", "--events", "x", "--split-at", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is no time");
    }

    @Test
    void eachStrengthOfThePolicyIsARowAndNoneIsTheOrderOfScores() throws Exception {
        Path catalog = Files.write(
                folder.resolve("catalog.jsonl"),
                IntStream.range(0, ITEMS)
                        .mapToObj(i -> String.format(
                                "{\"itemId\":\"i%d\",\"title\":\"i\",\"categoryPath\":[\"c%d\"],\"updatedAt\":1700000000000}",
                                i, i / 10))
                        .toList());

        int exit = execute(
                "evaluate",
                "--events",
                walks("train", 300, 1).toString(),
                "--catalog",
                catalog.toString(),
                "--diversity",
                "0,0.9",
                "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode metrics = new ObjectMapper().readTree(out.toString()).get("metrics");
        assertThat(metrics.get("rebound diversity=0.0")).isEqualTo(metrics.get("rebound"));
        assertThat(metrics.get("rebound diversity=0.9")
                        .get("category_entropy@10")
                        .doubleValue())
                .isGreaterThan(metrics.get("rebound").get("category_entropy@10").doubleValue());
    }

    @Test
    void nextItemNeedsAFileToForesee() throws Exception {
        assertThat(execute("evaluate", "--events", walks("train", 2, 1).toString(), "--protocol", "next-item"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("give it with --test");
    }

    @Test
    void anUnknownProtocolIsACallError() {
        assertThat(execute("evaluate", "--events", "x", "--protocol", "guess")).isEqualTo(2);
        assertThat(err.toString()).contains("'guess' is none of [test-then-train, next-item, rerank, campaigns]");
    }
}
