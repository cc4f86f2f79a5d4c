package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.control.release.ModelReleases;
import dev.rebound.deploy.control.release.ReleaseControl;
import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.ClusterOptions;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.release.ModelPackages;
import dev.rebound.operators.release.PackageImport;
import dev.rebound.operators.release.PackageRefusedException;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebound model publish}. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a version of the registry live, or brings a model that was made elsewhere into the registry.",
            "A model from elsewhere is loaded, run on sample inputs and its golden ones, and checked for shape and"
                    + " numbers. A TorchScript file is code, and loading it runs it: publish only what you trust."
        })
final class ModelPublish implements Callable<Integer> {
    private static final String TORCHSCRIPT_SUFFIX = ".pt";

    @Parameters(
            paramLabel = "VERSION|DIR|FILE",
            description =
                    "A version in the registry; or the folder of a package, named with a / (./mine); or a TorchScript"
                            + " file, named with .pt at its end.")
    private String what;

    @Option(
            names = "--model",
            defaultValue = RegistryOptions.DEFAULT_MODEL,
            description = "Name of the model, where its manifest has none (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            description = "Version of a model from elsewhere, in the place of its manifest's.")
    private @Nullable String version;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description =
                    "Manifest of a TorchScript file; default: the file's name with .json at its end. It needs what"
                            + " `rebound model features --json` prints, everything else is optional.")
    private @Nullable String manifest;

    @Option(
            names = "--vocabulary",
            paramLabel = "FILE",
            description =
                    "Item ids of a TorchScript file, one a line, the first is row 1; default: vocabulary.txt beside"
                            + " it.")
    private @Nullable String vocabulary;

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "Signs the package with this Ed25519 key; see rebound model keygen.")
    private java.nio.file.@Nullable Path signKey;

    @Option(
            names = "--stage",
            description = "none, shadow, canary, light or live; default: live for a version of the registry, none for a"
                    + " model from elsewhere.")
    private @Nullable String stage;

    @Option(names = "--percent", paramLabel = "N", description = "Share of users for --stage canary, 0 to 100.")
    private @Nullable Double percent;

    @Option(names = "--reason", defaultValue = "published by hand", description = "Why, for who asks later.")
    private String reason;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private CommandOutput output;

    /**
     * What was done.
     *
     * @param stage none, or the stage that it was released at
     * @param filledIn what its maker had left out
     */
    record Published(
            String model, String version, String packageUri, String stage, boolean signed, List<String> filledIn) {}

    @Override
    public Integer call() {
        boolean elsewhere = isElsewhere();
        ReleaseStage wanted = stage(elsewhere);
        double share = share(wanted);
        Path folder = new Path(new Path(registry.registry(), model), what);
        List<String> filledIn = List.of();
        if (elsewhere) {
            PackageImport.Checked checked = check();
            folder = write(checked);
            filledIn = checked.filledIn();
            model = checked.manifest().model();
        }
        sign(folder);
        if (wanted != ReleaseStage.UNKNOWN) {
            release(folder.getName(), wanted, share);
        }
        tell(new Published(
                model,
                folder.getName(),
                folder.toString(),
                wanted == ReleaseStage.UNKNOWN ? "none" : wanted.name().toLowerCase(Locale.ROOT),
                isSigned(folder),
                filledIn));
        return 0;
    }

    private void release(String published, ReleaseStage wanted, double share) {
        ModelRelease release = ModelReleases.firstOf(registry.registry(), model, published);
        cluster.ensureTopics();
        ModelReleases topic = new ModelReleases(
                        cluster.kafka(), cluster.topicPrefix(), cluster.site().epoch())
                .telling(output::progress);
        ReleaseControl control = new ReleaseControl(
                model, topic.list(), reason, System.getProperty("user.name", ""), System.currentTimeMillis());
        topic.send(
                switch (wanted) {
                    case SHADOW -> control.shadow(release);
                    case CANARY -> control.canary(release, share);
                    case LIGHT -> control.light(release);
                    default -> control.promote(release);
                });
    }

    private boolean isElsewhere() {
        return what.contains("/") || what.endsWith(TORCHSCRIPT_SUFFIX);
    }

    private ReleaseStage stage(boolean elsewhere) {
        if (stage == null) {
            return elsewhere ? ReleaseStage.UNKNOWN : ReleaseStage.LIVE;
        }
        return switch (stage.toLowerCase(Locale.ROOT)) {
            case "none" -> ReleaseStage.UNKNOWN;
            case "shadow" -> ReleaseStage.SHADOW;
            case "canary" -> ReleaseStage.CANARY;
            case "light" -> ReleaseStage.LIGHT;
            case "live" -> ReleaseStage.LIVE;
            default ->
                throw new CommandFailedException("--stage " + stage + " is none of none, shadow, canary, light, live");
        };
    }

    private double share(ReleaseStage wanted) {
        boolean canary = wanted == ReleaseStage.CANARY;
        if (canary != (percent != null)) {
            throw new CommandFailedException(
                    canary
                            ? "--stage canary needs --percent, such as --percent 10"
                            : "--percent is for --stage canary only");
        }
        if (canary && !(percent >= 0 && percent <= 100)) {
            throw new CommandFailedException("--percent " + percent + " is not between 0 and 100");
        }
        return canary ? percent : 0;
    }

    private PackageImport.Checked check() {
        try {
            Path source = path(what);
            PackageImport read = what.endsWith(TORCHSCRIPT_SUFFIX)
                    ? PackageImport.torchScript(
                            source,
                            manifest == null ? beside(source, jsonName(source)) : path(manifest),
                            vocabulary == null ? beside(source, "vocabulary.txt") : path(vocabulary))
                    : PackageImport.folder(source);
            PackageImport.Checked checked = read.named(model).versioned(version).check(DeviceChoice.CPU);
            checked.filledIn().forEach(each -> output.progress("filled in: " + each));
            return checked;
        } catch (PackageRefusedException | IOException e) {
            throw new CommandFailedException(what + " was not published: " + e.getMessage(), e);
        }
    }

    private static String jsonName(Path file) {
        String name = file.getName();
        return name.substring(0, name.length() - TORCHSCRIPT_SUFFIX.length()) + ".json";
    }

    private static Path beside(Path file, String name) {
        return new Path(file.getParent(), name);
    }

    /** On any file system of Flink's; without a scheme, of this machine and seen from here. */
    private static Path path(String text) {
        return text.contains("://") || text.startsWith("file:")
                ? new Path(text)
                : new Path(
                        java.nio.file.Path.of(text).toAbsolutePath().normalize().toUri());
    }

    private Path write(PackageImport.Checked checked) {
        try {
            return checked.write(registry.registry());
        } catch (IOException e) {
            throw new CommandFailedException(what + " was not published: " + e.getMessage(), e);
        }
    }

    private void sign(Path folder) {
        if (signKey == null) {
            return;
        }
        try {
            ModelPackages.sign(folder, signKey);
        } catch (IOException e) {
            throw new CommandFailedException(folder + " was not signed, nor released: " + e.getMessage(), e);
        }
    }

    private boolean isSigned(Path folder) {
        try {
            return ModelPackages.isSigned(folder);
        } catch (IOException e) {
            throw new CommandFailedException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void tell(Published published) {
        String name = published.model() + "/" + published.version();
        output.result(published, out -> {
            if (isElsewhere()) {
                out.println(name + " is in the registry: " + published.packageUri());
            }
            switch (published.stage()) {
                case "none" ->
                    out.println("No job uses it yet. For a share of the users: rebound model publish "
                            + published.version() + " --model " + published.model() + " --stage canary --percent 10");
                case "canary" -> out.println(name + " is canary for " + percent + " % of the users.");
                default -> out.println(name + " is " + published.stage() + ".");
            }
        });
    }
}
