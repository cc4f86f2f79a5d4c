package dev.rebound.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rebound.deploy.cli.Rebound;
import dev.rebound.deploy.local.LocalStack;
import dev.rebound.deploy.site.StackLayout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** The {@code rebound} command in this JVM, with a test's stack for its local one. */
final class CommandOfStack {
    private CommandOfStack() {}

    /** Runs one that has to succeed, and returns what it prints. */
    static String run(LocalStack stack, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Rebound.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        System.setProperty(StackLayout.HOME_PROPERTY, stack.layout().home().toString());
        System.setProperty(StackLayout.VAR_PROPERTY, stack.layout().var().toString());
        int exit;
        try {
            exit = command.execute(arguments.toArray(String[]::new));
        } finally {
            System.clearProperty(StackLayout.HOME_PROPERTY);
            System.clearProperty(StackLayout.VAR_PROPERTY);
        }
        String line = "rebound " + String.join(" ", arguments);
        assertThat(exit).as("%s: %s%s", line, out, err).isZero();
        System.out.println(line + "\n" + err + out);
        return out.toString();
    }
}
