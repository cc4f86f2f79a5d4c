package dev.rebound.deploy.cli;

import dev.rebound.deploy.cli.backup.BackupCommand;
import dev.rebound.deploy.cli.doctor.DoctorCommand;
import dev.rebound.deploy.cli.dr.DrCommand;
import dev.rebound.deploy.cli.evaluate.EvaluateCommand;
import dev.rebound.deploy.cli.job.JobCommand;
import dev.rebound.deploy.cli.model.ModelCommand;
import dev.rebound.deploy.cli.reconcile.ReconcileCommand;
import dev.rebound.deploy.cli.replay.ReplayCommand;
import dev.rebound.deploy.cli.site.SiteCommand;
import dev.rebound.deploy.gateway.command.GatewayCommand;
import dev.rebound.deploy.lab.command.BenchCommand;
import dev.rebound.deploy.lab.command.ChaosCommand;
import dev.rebound.deploy.lab.command.DemoCommand;
import dev.rebound.deploy.lab.drill.DrillKind;
import dev.rebound.deploy.lab.evaluate.Dataset;
import dev.rebound.deploy.lab.evaluate.Protocol;
import dev.rebound.deploy.lab.events.EventFormat;
import dev.rebound.deploy.local.LocalSite;
import dev.rebound.deploy.local.command.StackCommand;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.terminal.ChosenSite;
import dev.rebound.deploy.terminal.EnumConverter;
import dev.rebound.deploy.terminal.FailureReport;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code rebound} command line. Exit codes: 0 done, 1 failed or found wrong, 2 called wrongly, 128 and more ended by a signal. */
@Command(
        name = "rebound",
        mixinStandardHelpOptions = true,
        version = "Rebound 0.1.0",
        description = "Runs, feeds and checks the streaming recommender.",
        subcommands = {
            DemoCommand.class,
            SiteCommand.class,
            StackCommand.class,
            JobCommand.class,
            ModelCommand.class,
            ReplayCommand.class,
            GatewayCommand.class,
            ReconcileCommand.class,
            EvaluateCommand.class,
            BackupCommand.class,
            DoctorCommand.class,
            DrCommand.class,
            ChaosCommand.class,
            BenchCommand.class
        })
public final class Rebound implements ChosenSite.Holder {
    @Mixin
    private ChosenSite.Choice site;

    private Rebound() {}

    @Override
    public ChosenSite.Choice siteChoice() {
        return site;
    }

    @Override
    public Site localSite() {
        return LocalSite.ofThisProcess();
    }

    @Override
    public Optional<Site> localSite(String name) {
        return LocalSite.named(name);
    }

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
                .registerConverter(DrillKind.class, new EnumConverter<>(DrillKind.class))
                .setExecutionExceptionHandler(new FailureReport());
    }
}
