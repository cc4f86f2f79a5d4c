package dev.rebound.deploy.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobClassTest {

    @ParameterizedTest
    @ValueSource(strings = {"recommendation", "model-training", "dev.rebound.jobs.bench.PassThroughJob"})
    void aJobsNameOrClassIsAClassThatCanBeRun(String job) throws Exception {
        Method main = Class.forName(new JobClass().convert(job)).getMethod("main", String[].class);

        assertThat(main.getDeclaringClass().getSimpleName()).endsWith("Job");
    }
}
