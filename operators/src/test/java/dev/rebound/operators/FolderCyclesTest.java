package dev.rebound.operators;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The folders are stages in the order of the data: none reaches one that reaches it. */
class FolderCyclesTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.rebound.operators");
        assertThat(classes.contain("dev.rebound.operators.scoring.ScoringOperator"))
                .isTrue();
    }

    @Test
    void noFolderReachesOneThatReachesIt() {
        slices().matching("dev.rebound.operators.(**)")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void theArithmeticOfModelsAndRetrievalKnowsNoFlink() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rebound.operators.model..", "dev.rebound.operators.retrieval..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(classes);
    }
}
