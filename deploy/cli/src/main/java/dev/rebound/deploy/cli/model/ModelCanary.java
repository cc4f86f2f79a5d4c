package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.site.CommandFailedException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound model canary}. */
@Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description = "Gives a version a share of the users, always the same ones; a larger share keeps them.")
final class ModelCanary implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "A version in the registry.")
    private String version;

    @Option(names = "--percent", defaultValue = "10", description = "Share of the users (default: ${DEFAULT-VALUE}).")
    private double percent;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        if (!(percent > 0 && percent <= 100)) {
            throw new CommandFailedException("--percent " + percent + " is not above 0 and at most 100");
        }
        return options.issue(control -> control.canary(options.version(control, version, registry), percent));
    }
}
