package dev.rebound.deploy.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final List<Fault> ALL = Faults.all("ranker", "v1");

    @Test
    void eachHasANameOfItsOwnAndSaysWhatIsExpected() {
        assertThat(ALL).extracting(Fault::name).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z+-]+"));
        assertThat(ALL).extracting(Fault::description).allMatch(text -> !text.isBlank());
    }

    @Test
    void onlyThoseOfMinutesAreHeldBackFromTheSecondTurn() {
        assertThat(ALL.stream().filter(Fault::takesLong).map(Fault::name))
                .containsExactlyInAnyOrder("kafka-outage", "hdfs-outage", "transaction-timeout", "partition-added");
    }
}
