package dev.rebound.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** schemas, then operators, then jobs, then deploy; checkpoints-config beside them. */
class DependencyDirectionTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.rebound");
        assertThat(classes.contain("dev.rebound.schemas.Topic")).isTrue();
        assertThat(classes.contain("dev.rebound.operators.scoring.ScoringOperator"))
                .isTrue();
    }

    private static void assertDoNotReach(String from, String... packages) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(classes);
    }

    @Test
    void schemasReachNothingOfOurs() {
        assertDoNotReach(
                "dev.rebound.schemas..",
                "dev.rebound.operators..",
                "dev.rebound.jobs..",
                "dev.rebound.checkpoints..",
                "dev.rebound.deploy..");
    }

    @Test
    void operatorsKnowNoJobAndNoCluster() {
        assertDoNotReach(
                "dev.rebound.operators..", "dev.rebound.jobs..", "dev.rebound.checkpoints..", "dev.rebound.deploy..");
    }

    @Test
    void jobsKnowNoDeployment() {
        assertDoNotReach("dev.rebound.jobs..", "dev.rebound.deploy..");
    }

    @Test
    void checkpointsConfigStandsAlone() {
        assertDoNotReach(
                "dev.rebound.checkpoints..", "dev.rebound.operators..", "dev.rebound.jobs..", "dev.rebound.deploy..");
    }

    @Test
    void noFolderReachesOneThatReachesIt() {
        slices().matching("dev.rebound.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theArithmeticOfFeaturesAndRetrievalKnowsNoKafka() {
        assertDoNotReach("dev.rebound.operators.retrieval..", "org.apache.kafka..", "org.apache.flink.streaming..");
    }
}
