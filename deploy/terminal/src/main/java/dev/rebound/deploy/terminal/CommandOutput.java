package dev.rebound.deploy.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rebound.deploy.site.Progress;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options on output that every command has, and the output itself. */
public final class CommandOutput implements Progress {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Option(names = "--json", description = "Print the result as one line of JSON; progress goes to standard error.")
    private boolean json;

    @Option(names = "--verbose", description = "Print the stack trace of a failure.")
    private boolean verbose;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    /** Says what happens now. */
    @Override
    public void progress(String message) {
        PrintWriter err = command.commandLine().getErr();
        err.println(message);
        err.flush();
    }

    /**
     * Prints the result of the command.
     *
     * @param result printed as one JSON object with {@code --json}
     * @param forPeople prints the same for people otherwise
     */
    public void result(Object result, Consumer<PrintWriter> forPeople) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(toJson(result));
        } else {
            forPeople.accept(out);
        }
        out.flush();
    }

    /** Whether a machine reads the result. */
    public boolean json() {
        return json;
    }

    /** Whether failures are told with their stack trace. */
    public boolean verbose() {
        return verbose;
    }

    private static String toJson(Object result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A result has no JSON form: " + result, e);
        }
    }
}
