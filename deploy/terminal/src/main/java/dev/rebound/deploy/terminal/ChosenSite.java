package dev.rebound.deploy.terminal;

import dev.rebound.deploy.site.ClusterSite;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.SiteFile;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The site that a command is about: that of {@code --site}, else the local one. */
@Command
public final class ChosenSite {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    private @Nullable Site site;

    /** What the {@code rebound} command itself was given. */
    public static final class Choice {
        @Option(
                names = "--site",
                paramLabel = "FILE|NAME",
                scope = ScopeType.INHERIT,
                description =
                        "The site: a file that describes it, or the name of one in the folder sites/ beside the local"
                                + " stack's data. Default: the local stack. See: rebound site")
        private @Nullable String given;
    }

    /** Whoever carries the choice. */
    public interface Holder {
        Choice siteChoice();

        /** The site where no other is chosen. */
        Site localSite();
    }

    /** Whether no other site was named. */
    public boolean isLocal() {
        return holder().siteChoice().given == null;
    }

    /** @throws CommandFailedException if there is no such file, or something in it is wrong */
    public Site site() {
        if (site == null) {
            String given = holder().siteChoice().given;
            site = given == null
                    ? holder().localSite()
                    : new ClusterSite(SiteFile.read(file(given)), StackLayout.ofThisProcess());
        }
        return site;
    }

    private Holder holder() {
        CommandSpec root = command.commandLine().getCommandSpec().root();
        if (root.userObject() instanceof Holder holder) {
            return holder;
        }
        throw new IllegalStateException("`" + root.qualifiedName() + "` takes no --site");
    }

    private static Path file(String given) {
        Path file = Path.of(given);
        if (Files.isRegularFile(file) || given.contains("/")) {
            return file;
        }
        Path named = StackLayout.ofThisProcess().sites().resolve(given + ".yaml");
        if (!Files.isRegularFile(named)) {
            throw new CommandFailedException("There is neither a file " + given + " nor one of that name at " + named
                    + ". Write one with: rebound site init " + named);
        }
        return named;
    }
}
