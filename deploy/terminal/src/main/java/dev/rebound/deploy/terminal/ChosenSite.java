package dev.rebound.deploy.terminal;

import dev.rebound.deploy.site.ClusterSite;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.Site;
import dev.rebound.deploy.site.SiteFile;
import dev.rebound.deploy.site.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The site that a command is about: that of {@code --site}, else the main one of this machine. */
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
                                + " stack's data, or of another local stack. Default: the local stack main. See: rebound"
                                + " site")
        private @Nullable String given;
    }

    /** Whoever carries the choice. */
    public interface Holder {
        Choice siteChoice();

        /** The site where no other is chosen. */
        Site localSite();

        /** The site of this machine that has the name; empty if none has. */
        Optional<Site> localSite(String name);
    }

    /** What was given, as it was. */
    public Optional<String> given() {
        return Optional.ofNullable(holder().siteChoice().given);
    }

    /** Whether the site is one that a file describes. */
    public boolean isDescribed() {
        return given().flatMap(ChosenSite::file).isPresent();
    }

    /** @throws CommandFailedException if there is no such file, or something in it is wrong */
    public Site site() {
        if (site == null) {
            site = given().map(this::other).orElseGet(holder()::localSite);
        }
        return site;
    }

    /** The one that an option names as {@code --site} does. */
    public Site other(String given) {
        return file(given)
                .<Site>map(file -> new ClusterSite(SiteFile.read(file), StackLayout.ofThisProcess()))
                .or(() -> holder().localSite(given))
                .orElseThrow(() ->
                        new CommandFailedException("There is neither a file " + given + ", nor one of that name at "
                                + named(given) + ", nor a local stack of that name. Write one with: rebound site init "
                                + named(given)
                                + "; or start one with: rebound stack up --site " + given));
    }

    private Holder holder() {
        CommandSpec root = command.commandLine().getCommandSpec().root();
        if (root.userObject() instanceof Holder holder) {
            return holder;
        }
        throw new IllegalStateException("`" + root.qualifiedName() + "` takes no --site");
    }

    private static Optional<Path> file(String given) {
        Path file = Path.of(given);
        if (Files.isRegularFile(file) || given.contains("/")) {
            return Optional.of(file);
        }
        return Optional.of(named(given)).filter(Files::isRegularFile);
    }

    private static Path named(String given) {
        return StackLayout.ofThisProcess().sites().resolve(given + ".yaml");
    }
}
