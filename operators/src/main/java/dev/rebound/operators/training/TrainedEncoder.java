package dev.rebound.operators.training;

import ai.djl.Model;
import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.model.SequenceEncoder;
import dev.rebound.operators.model.UserEncoder;
import java.util.List;

/** An encoder fresh from training. Closing it frees its native memory, and with it that of what was made of it. */
public final class TrainedEncoder implements AutoCloseable {
    private final Model model;
    private final SequenceEncoder encoder;
    private final SequenceEncoder.Architecture architecture;
    private final List<String> itemIds;
    private final EncoderReport report;

    TrainedEncoder(
            Model model,
            SequenceEncoder encoder,
            SequenceEncoder.Architecture architecture,
            List<String> itemIds,
            EncoderReport report) {
        this.model = model;
        this.encoder = encoder;
        this.architecture = architecture;
        this.itemIds = itemIds;
        this.report = report;
    }

    /** As it serves, with what it has learned now. */
    public UserEncoder serving() {
        return new UserEncoder(encoder, ItemVocabulary.of(itemIds), model.getNDManager());
    }

    SequenceEncoder block() {
        return encoder;
    }

    SequenceEncoder.Architecture architecture() {
        return architecture;
    }

    /** The vocabulary; the first is row 1. */
    List<String> itemIds() {
        return itemIds;
    }

    /** The best epoch. */
    public EncoderReport report() {
        return report;
    }

    @Override
    public void close() {
        model.close();
    }
}
