package dev.rebound.operators.ingest;

import static dev.rebound.operators.ingest.InvalidRecordException.allowName;
import static dev.rebound.operators.ingest.InvalidRecordException.allowText;
import static dev.rebound.operators.ingest.InvalidRecordException.requireId;

import dev.rebound.schemas.DeadLetterReason;
import dev.rebound.schemas.ModelRelease;
import dev.rebound.schemas.RecordCodec;
import dev.rebound.schemas.ReleaseStage;
import dev.rebound.schemas.UndecodableRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes and validates model releases. */
final class ReleaseReader implements RecordReader<ModelRelease> {
    private static final long serialVersionUID = 1L;

    private transient RecordCodec<ModelRelease> codec;

    @Override
    public void open() {
        codec = RecordCodec.of(ModelRelease.class);
    }

    @Override
    public ModelRelease read(ConsumerRecord<byte[], byte[]> record)
            throws UndecodableRecordException, InvalidRecordException {
        ModelRelease release = codec.decode(record.value(), null);
        requireId("model", release.getModel());
        requireId("version", release.getVersion());
        allowText("packageUri", release.getPackageUri());
        allowName("sha256", release.getSha256());
        allowText("reason", release.getReason());
        allowName("issuedBy", release.getIssuedBy());
        if (release.getPackageUri().isEmpty() || release.getSha256().isEmpty()) {
            throw new InvalidRecordException(
                    DeadLetterReason.MISSING_FIELD,
                    "packageUri or sha256 is empty; publish with `rebound model publish`");
        }
        if (release.getStage() == ReleaseStage.UNKNOWN) {
            throw new InvalidRecordException(
                    DeadLetterReason.UNKNOWN_ENUM, "stage is none that this job knows; upgrade the job");
        }
        return release;
    }
}
