package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.ReleaseControl;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rebound model rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Makes the live version before live again, and takes out the one that was, the canary and the "
                + "shadow. Needs neither the registry nor a running job.")
final class ModelRollback implements Callable<Integer> {
    @Mixin
    private ReleaseOptions options;

    @Override
    public Integer call() {
        return options.issue(ReleaseControl::rollback);
    }
}
