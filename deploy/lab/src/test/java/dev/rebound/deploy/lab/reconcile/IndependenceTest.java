package dev.rebound.deploy.lab.reconcile;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What says whether a job is right shares nothing with the job but the schemas of records and the names of options. */
class IndependenceTest {
    private static final String ORACLE = "dev.rebound.deploy.lab.reconcile";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ORACLE);

    @Test
    void theOracleUsesNothingOfTheOperators() {
        assertThat(classes.contain(ORACLE + ".Reconciliation")).isTrue();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rebound.operators..")
                .check(classes);
    }

    @Test
    void ofTheJobsItKnowsTheOptionsAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.rebound\\.jobs\\.(?!JobOptions$|PolicyOptions$|RecommendationJob$).*")
                .check(classes);
    }
}
