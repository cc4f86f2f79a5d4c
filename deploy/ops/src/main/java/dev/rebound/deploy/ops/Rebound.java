package dev.rebound.deploy.ops;

import dev.rebound.deploy.ops.backup.BackupCommand;
import dev.rebound.deploy.ops.bench.BenchCommand;
import dev.rebound.deploy.ops.chaos.ChaosCommand;
import dev.rebound.deploy.ops.console.EnumConverter;
import dev.rebound.deploy.ops.console.FailureReport;
import dev.rebound.deploy.ops.demo.DemoCommand;
import dev.rebound.deploy.ops.doctor.DoctorCommand;
import dev.rebound.deploy.ops.evaluate.Dataset;
import dev.rebound.deploy.ops.evaluate.EvaluateCommand;
import dev.rebound.deploy.ops.evaluate.Protocol;
import dev.rebound.deploy.ops.events.EventFormat;
import dev.rebound.deploy.ops.job.JobCommand;
import dev.rebound.deploy.ops.model.ModelCommand;
import dev.rebound.deploy.ops.reconcile.ReconcileCommand;
import dev.rebound.deploy.ops.replay.ReplayCommand;
import dev.rebound.deploy.ops.stack.StackCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code rebound} command line. Exit codes: 0 done, 1 failed or found wrong, 2 called wrongly. */
@Command(
        name = "rebound",
        mixinStandardHelpOptions = true,
        version = "Rebound 0.1.0",
        description = "Runs, feeds and checks the streaming recommender.",
        subcommands = {
            DemoCommand.class,
            StackCommand.class,
            JobCommand.class,
            ModelCommand.class,
            ReplayCommand.class,
            ReconcileCommand.class,
            EvaluateCommand.class,
            BackupCommand.class,
            DoctorCommand.class,
            ChaosCommand.class,
            BenchCommand.class
        })
public final class Rebound {
    private Rebound() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new Rebound())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Protocol.class, new EnumConverter<>(Protocol.class))
                .registerConverter(Dataset.class, new EnumConverter<>(Dataset.class))
                .registerConverter(EventFormat.class, new EnumConverter<>(EventFormat.class))
                .setExecutionExceptionHandler(new FailureReport());
    }
}
