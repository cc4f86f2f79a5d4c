package dev.rebound.operators.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptSerializersTest {
    private static final ClassLoader CLASSES = KeptSerializersTest.class.getClassLoader();

    /** Moves between operators only. */
    private static final class Unnamed extends RecordSerializer<int[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] createInstance() {
            return new int[1];
        }

        @Override
        public void serialize(int[] record, DataOutputView out) throws IOException {
            out.writeInt(record[0]);
        }

        @Override
        public int[] deserialize(int[] reuse, DataInputView in) throws IOException {
            reuse[0] = in.readInt();
            return reuse;
        }
    }

    /** Names of classes as savepoints of the first format hold them: the classes have moved since, or will. */
    @ParameterizedTest
    @CsvSource({
        "dev.rebound.operators.features.UserStateSerializer, user",
        "dev.rebound.operators.features.UserCampaignsSerializer, user-campaigns",
        "dev.rebound.operators.features.ItemStateSerializer, item",
        "dev.rebound.operators.features.NeighboursSerializer, neighbours",
        "dev.rebound.operators.features.CampaignStateSerializer, campaign",
        "dev.rebound.operators.scoring.ScoringTaskSerializer, scoring-task",
        "dev.rebound.operators.scoring.ScoredListSerializer, scored-list",
        "dev.rebound.operators.training.FeedbackSerializer, feedback",
        "dev.rebound.operators.release.guard.GuardStateSerializer, release-guard",
        "dev.rebound.operators.retraining.SliceProgressSerializer, slice-progress"
    })
    void aSavepointThatNamesAClassIsRead(String className, String name) throws Exception {
        RecordSerializerSnapshot<?> snapshot = read(1, className);

        RecordSerializer<?> restored = (RecordSerializer<?>) snapshot.restoreSerializer();
        assertThat(restored.name()).isEqualTo(name);
        assertThat(restored.getClass().getSimpleName()).isEqualTo(className.substring(className.lastIndexOf('.') + 1));
    }

    @Test
    void aSavepointHoldsTheNameAndNoClass() throws Exception {
        for (RecordSerializer<?> each : KeptSerializers.all(CLASSES)) {
            DataOutputSerializer written = new DataOutputSerializer(64);
            each.snapshotConfiguration().writeSnapshot(written);

            DataInputDeserializer in = new DataInputDeserializer(written.getCopyOfBuffer());
            assertThat(in.readUTF()).isEqualTo(each.name()).doesNotContain(".");
            assertThat(in.readInt()).isEqualTo(each.version());
            assertThat(read(2, each.name()).restoreSerializer()).isEqualTo(each);
        }
    }

    @Test
    void everySerializerWithANameIsListedOnce() throws Exception {
        List<String> named = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.rebound.operators")
                        .stream()
                        .filter(each -> each.isAssignableTo(RecordSerializer.class)
                                && !each.getModifiers().contains(JavaModifier.ABSTRACT)
                                && each.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::reflect)
                        .map(KeptSerializersTest::created)
                        .filter(KeptSerializersTest::hasName)
                        .map(RecordSerializer::name)
                        .toList();

        assertThat(KeptSerializers.all(CLASSES))
                .extracting(each -> each.name())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(named)
                .hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void whatHasNoNameCannotBeKept() {
        assertThatThrownBy(() -> new Unnamed().snapshotConfiguration().writeSnapshot(new DataOutputSerializer(64)))
                .hasMessageContaining("has no name")
                .hasMessageContaining("META-INF/services");
    }

    @Test
    void aNameOfAnotherJarIsRefused() {
        assertThatThrownBy(() -> read(2, "user-of-next-year")).hasMessageContaining("user-of-next-year");
        assertThatThrownBy(() -> read(1, "dev.rebound.operators.features.NoSerializer"))
                .hasMessageContaining("NoSerializer");
    }

    private static boolean hasName(RecordSerializer<?> serializer) {
        try {
            return !serializer.name().isEmpty();
        } catch (IllegalStateException unnamed) {
            return false;
        }
    }

    private static RecordSerializer<?> created(Class<?> type) {
        try {
            return (RecordSerializer<?>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " has no public constructor without arguments", e);
        }
    }

    private static RecordSerializerSnapshot<?> read(int format, String name) throws IOException {
        DataOutputSerializer written = new DataOutputSerializer(64);
        written.writeUTF(name);
        written.writeInt(1);
        RecordSerializerSnapshot<?> snapshot = new RecordSerializerSnapshot<>();
        snapshot.readSnapshot(format, new DataInputDeserializer(written.getCopyOfBuffer()), CLASSES);
        return snapshot;
    }
}
