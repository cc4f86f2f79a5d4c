package dev.rebound.deploy.cli.model;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.terminal.CommandOutput;
import dev.rebound.operators.release.PackageSignature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rebound model keygen}. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Makes a pair of Ed25519 keys: one signs model packages, by the other jobs know them.")
final class ModelKeygen implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The private key's file; the public one's is FILE.pub.")
    private Path privateKey;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() {
        try {
            Path publicKey = PackageSignature.writeKeyPair(privateKey);
            output.result(Map.of("privateKey", privateKey.toString(), "publicKey", publicKey.toString()), out -> {
                out.println("Keep " + privateKey + " secret; sign with: rebound model publish ... --sign-key "
                        + privateKey);
                out.println("Copy " + publicKey + " into the folder that jobs get as --model.trusted-keys-dir.");
            });
            return 0;
        } catch (IOException e) {
            throw new CommandFailedException("No keys were made: " + e, e);
        }
    }
}
