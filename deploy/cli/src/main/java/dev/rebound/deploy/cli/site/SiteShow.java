package dev.rebound.deploy.cli.site;

import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.CommandOutput;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound site show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "What is known of the site; values of secrets are not printed.")
final class SiteShow implements Callable<Integer> {
    @Mixin
    private ChosenSite chosen;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        Site site = chosen.site();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", site.name());
        shown.put("epoch", site.epoch());
        shown.put("kafka", site.kafka().bootstrapServers());
        shown.put(
                "kafkaProperties",
                site.kafka().properties().keySet().stream().sorted().toList());
        shown.put("topicPrefix", site.topics().prefix());
        shown.put("flink", site.flink().rest().addresses().toString());
        shown.put("root", site.files().root().toString());
        shown.put("registry", site.files().registry().toString());
        shown.put("logs", site.logs());
        output.result(shown, out -> shown.forEach((key, value) -> out.println(key + ": " + value)));
        return 0;
    }
}
