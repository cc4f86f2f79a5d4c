package dev.rebound.deploy.lab.chaos;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.jobs.JobOptions;
import dev.rebound.jobs.ScoringOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Somebody submits a second job with an option that is wrong: it must be refused, by the name of the option. */
final class OptionFault implements Fault {
    private static final List<Map.Entry<String, String>> WRONG = List.of(
            Map.entry(JobOptions.SITE_NAME.key(), "Main_Site"),
            Map.entry(JobOptions.DEVICE.key(), "tpu"),
            Map.entry(ScoringOptions.BATCH_SIZE.key(), "0"),
            Map.entry(JobOptions.FEEDBACK_WINDOW.key(), "0 s"),
            Map.entry(JobOptions.DELIVERY_GUARANTEE.key(), "none"),
            Map.entry("kafka.bootstrap-server", "127.0.0.1:9092"));

    private final List<String> findings = new ArrayList<>();
    private OptionalLong toldMillis = OptionalLong.empty();

    @Override
    public String name() {
        return "option-wrong";
    }

    @Override
    public String description() {
        return "a second job is submitted with a wrong option: refused by the option's name, and the first goes on";
    }

    @Override
    public long inject(Target target, SplittableRandom random) {
        findings.clear();
        Map.Entry<String, String> wrong = WRONG.get(random.nextInt(WRONG.size()));
        Map<String, String> options = new HashMap<>(target.options());
        // With the first one's transactions it would be refused for these.
        options.put(JobOptions.SITE_NAME.key(), "second");
        options.put(wrong.getKey(), wrong.getValue());
        long struckMillis = System.currentTimeMillis();
        try {
            String jobId = target.jobs().submit(null, null, options);
            target.jobs().cancel(jobId);
            findings.add("a job ran with --" + wrong.getKey() + " " + wrong.getValue());
        } catch (CommandFailedException e) {
            if (!String.valueOf(e.getMessage()).contains("--" + wrong.getKey())) {
                findings.add("the message does not name --" + wrong.getKey() + ": " + e.getMessage());
            }
        }
        toldMillis = OptionalLong.of(System.currentTimeMillis());
        return struckMillis;
    }

    @Override
    public OptionalLong toldMillis() {
        return toldMillis;
    }

    @Override
    public List<String> findings() {
        return List.copyOf(findings);
    }
}
