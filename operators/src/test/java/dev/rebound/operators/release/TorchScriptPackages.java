package dev.rebound.operators.release;

import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.ReleaseStage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The packages in the test resources, which PyTorch made; see the README beside them. */
public final class TorchScriptPackages {
    private TorchScriptPackages() {}

    /** The folder of one of them. */
    public static Path folder(String name) {
        try {
            return Path.of(Objects.requireNonNull(
                                    TorchScriptPackages.class.getResource("/torchscript/" + name + "/model.json"))
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy that a test may change. */
    static Path copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        try (var files = Files.list(folder(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    /** A release of a package wherever it lies. */
    public static ModelRelease release(Path folder) throws IOException {
        byte[] manifest = Files.readAllBytes(folder.resolve(ModelManifest.FILE));
        return ModelRelease.newBuilder()
                .setModel("ranker")
                .setVersion(ModelManifest.fromJson(manifest).version())
                .setPackageUri(folder.toUri().toString())
                .setSha256(ModelPackages.sha256(manifest))
                .setStage(ReleaseStage.LIVE)
                .setTrafficPercent(100)
                .setIssuedAt(1)
                .build();
    }
}
