package dev.rebound.operators.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ShownItemsTest {
    private final ShownItems shown = new ShownItems();

    @Test
    void anItemThatIsShownAgainIsCountedAndComesFirst() {
        shown.show(1, 10);
        shown.show(2, 20);
        shown.show(1, 30);

        assertThat(shown.size()).isEqualTo(2);
        assertThat(shown.itemKey(0)).isEqualTo(1);
        assertThat(shown.count(0)).isEqualTo(2);
        assertThat(shown.timeMillis(0)).isEqualTo(30);
    }

    @Test
    void aLateImpressionCountsAndDoesNotTurnTimeBack() {
        shown.show(1, 30);
        shown.show(1, 10);

        assertThat(shown.count(0)).isEqualTo(2);
        assertThat(shown.timeMillis(0)).isEqualTo(30);
    }

    @Test
    void anItemThatIsTakenIsForgotten() {
        shown.show(1, 10);
        shown.show(2, 20);

        shown.take(1);
        shown.take(3);

        assertThat(shown.size()).isEqualTo(1);
        assertThat(shown.itemKey(0)).isEqualTo(2);
    }

    @Test
    void whatWasShownAfterATimeCanBeForgotten() {
        shown.show(1, 30);
        shown.show(2, 20);
        shown.show(3, 10);

        shown.forgetAfter(20);

        assertThat(shown.size()).isEqualTo(2);
        assertThat(shown.itemKey(0)).isEqualTo(3);
        assertThat(shown.itemKey(1)).isEqualTo(2);
    }

    @Test
    void ofTooManyTheOneNotShownForTheLongestGoes() {
        for (int i = 0; i <= ShownItems.CAPACITY; i++) {
            shown.show(i + 1, i);
        }

        assertThat(shown.size()).isEqualTo(ShownItems.CAPACITY);
        assertThat(shown.itemKey(ShownItems.CAPACITY - 1)).isEqualTo(2);
    }

    @Test
    void countsStopAtTheirLimit() {
        for (int i = 0; i < 1000; i++) {
            shown.show(1, i);
        }

        assertThat(shown.count(0)).isEqualTo(127);
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        shown.show(1, 10);
        shown.show(2, 20);
        DataOutputSerializer out = new DataOutputSerializer(64);
        shown.write(out);

        ShownItems read = new ShownItems();
        read.show(9, 9);
        read.read(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read.size()).isEqualTo(2);
        assertThat(read.itemKey(1)).isEqualTo(1);
        assertThat(read.timeMillis(1)).isEqualTo(10);
        assertThat(read.count(1)).isEqualTo(1);
    }
}
