package dev.rebound.deploy.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.rebound.deploy.local.LocalStack;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Folders of the whole project: no circle of imports, and only what starts or kills processes knows the local stack. */
class FoldersTest {
    private static JavaClasses all;

    @BeforeAll
    static void read() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.rebound");
        assertThat(all.contain("dev.rebound.deploy.terminal.ChosenSite")).isTrue();
        assertThat(all.contain("dev.rebound.deploy.lab.command.ChaosCommand")).isTrue();
        assertThat(all.contain("dev.rebound.deploy.control.job.Upgrade")).isTrue();
    }

    @Test
    void noFolderReachesOneThatReachesIt() {
        slices().matching("dev.rebound.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    void onlyItsOwnFolderAndTheLabKnowTheLocalStack() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.rebound.deploy.local..", "dev.rebound.deploy.lab..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(LocalStack.class)
                .check(all);
    }

    @Test
    void theTerminalKnowsASiteAndNoVerb() {
        classes()
                .that()
                .resideInAPackage("dev.rebound.deploy.terminal..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("dev.rebound.deploy.terminal..", "dev.rebound.deploy.site..")
                                .or(resideOutsideOfPackage("dev.rebound..")))
                .check(all);
    }

    @Test
    void theLocalStackKnowsNoVerb() {
        noClasses()
                .that()
                .resideInAPackage("dev.rebound.deploy.local..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rebound.deploy.control..")
                .check(all);
    }

    @Test
    void onlyWhatIsTypedKnowsTheTerminal() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rebound.deploy.site..", "dev.rebound.deploy.control..")
                .or(resideInAnyPackage("dev.rebound.deploy.local..", "dev.rebound.deploy.lab..")
                        .and(not(resideInAPackage("dev.rebound.deploy..command.."))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rebound.deploy.terminal..", "picocli..")
                .check(all);
    }

    @Test
    void nothingThatServesKnowsTheLab() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.rebound.deploy.site..",
                        "dev.rebound.deploy.terminal..",
                        "dev.rebound.deploy.local..",
                        "dev.rebound.deploy.control..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rebound.deploy.lab..", "dev.rebound.deploy.cli..")
                .check(all);
    }
}
