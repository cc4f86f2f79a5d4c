package dev.rebound.operators.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rebound.operators.model.DeviceChoice;
import dev.rebound.operators.model.DjlRankingModel;
import dev.rebound.operators.model.RankingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageSignatureTest {
    @TempDir
    Path temporary;

    private Path folder;
    private Path trusted;
    private Path key;

    @BeforeEach
    void aPackageAndAPairOfKeys() throws IOException {
        folder = TorchScriptPackages.copy("t1", temporary.resolve("package"));
        trusted = Files.createDirectory(temporary.resolve("trusted"));
        key = temporary.resolve("release-key");
        trust(PackageSignature.writeKeyPair(key));
    }

    private void trust(Path publicKey) throws IOException {
        Files.move(publicKey, trusted.resolve(publicKey.getFileName()));
    }

    private void sign(Path with) throws IOException {
        ModelPackages.sign(new org.apache.flink.core.fs.Path(folder.toUri()), with);
    }

    private RankingModel open() throws Exception {
        ModelLoader loader = new ModelLoader(
                temporary.resolve("cache").toString(),
                DeviceChoice.CPU,
                trusted.toString(),
                ModelLimits.DEFAULT,
                DjlRankingModel::new);
        return loader.open(TorchScriptPackages.release(folder), 64, 100);
    }

    private void assertRefused(String inMessage) {
        assertThatThrownBy(this::open)
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining(inMessage);
    }

    @Test
    void aSignedPackageLoads() throws Exception {
        sign(key);

        try (RankingModel model = open()) {
            assertThat(model.version()).isEqualTo("t1");
        }
        assertThat(Files.size(folder.resolve("model.json.sig"))).isEqualTo(64);
    }

    @Test
    void anUnsignedOneIsRefused() {
        assertRefused("--sign-key");
    }

    @Test
    void oneThatSomebodyElseSignedIsRefused() throws Exception {
        Path other = temporary.resolve("other-key");
        PackageSignature.writeKeyPair(other);
        sign(other);

        assertRefused("none of the 1 keys");
    }

    @Test
    void signingAgainTakesThePlaceOfTheOlderSignature() throws Exception {
        Path other = temporary.resolve("other-key");
        PackageSignature.writeKeyPair(other);
        sign(other);
        sign(key);

        open().close();
    }

    @Test
    void aManifestThatWasChangedAfterwardsIsRefusedThoughTheReleaseNamesItsSum() throws Exception {
        sign(key);
        Path manifest = folder.resolve("model.json");
        Files.writeString(manifest, Files.readString(manifest) + "\n");

        assertRefused("the package was changed");
    }

    @Test
    void aSignatureThatIsNoneIsRefused() throws Exception {
        Files.writeString(folder.resolve("model.json.sig"), "signed, honestly");

        assertRefused("no Ed25519 signature");
    }

    @Test
    void noTrustedKeyMeansNoPackage() throws Exception {
        sign(key);
        Files.delete(trusted.resolve("release-key.pub"));

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("holds no *.pub");
    }

    @Test
    void aKeyOfAnotherKindIsNamed() throws Exception {
        Files.copy(key, trusted.resolve("private.pub"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("private.pub")
                .hasMessageContaining("PUBLIC KEY");
    }

    @Test
    void aPrivateKeyIsForItsOwnerAndIsNeverOverwritten() throws Exception {
        assertThat(Files.getPosixFilePermissions(key)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> PackageSignature.writeKeyPair(key)).isInstanceOf(IOException.class);
        assertThat(temporary.resolve("release-key.pub")).doesNotExist();
    }
}
