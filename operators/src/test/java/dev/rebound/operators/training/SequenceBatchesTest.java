package dev.rebound.operators.training;

import static dev.rebound.operators.Signals.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.operators.model.ItemVocabulary;
import dev.rebound.operators.retrieval.ItemTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceBatchesTest {
    private static final int LENGTH = 8;

    private final InteractionSequences sequences = new InteractionSequences(100);

    private void history(String user, int interactions) {
        for (int i = 0; i < interactions; i++) {
            sequences.add(anEvent(user + i).by(user).viewing("i" + i).atSecond(i));
        }
    }

    @Test
    void allWindowsOfALongHistoryAreOneUsers() {
        history("a", 5 * LENGTH + 1);
        history("b", 3 * LENGTH + 1);
        SequenceBatches batches =
                new SequenceBatches(sequences, new ItemTable(), ItemVocabulary.of(List.of()), LENGTH, 0);

        assertThat(batches.windowsOf(user -> user == 0)).containsExactly(0, 1, 2, 3, 4);
        assertThat(batches.windowsOf(user -> user == 1)).containsExactly(5, 6, 7);
        assertThat(batches.windowsOf(user -> true)).hasSize(8);
    }
}
