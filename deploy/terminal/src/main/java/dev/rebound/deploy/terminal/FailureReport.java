package dev.rebound.deploy.terminal;

import dev.rebound.deploy.site.CommandFailedException;
import dev.rebound.deploy.site.FlinkRestException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a failure in a line on standard error, with its stack trace only on {@code --verbose}. */
public final class FailureReport implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + message(failure));
        if (command.getParseResult().hasMatchedOption("--verbose")) {
            failure.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static String message(Exception failure) {
        boolean explained = failure instanceof CommandFailedException
                || failure instanceof FlinkRestException
                || failure instanceof IllegalArgumentException;
        if (explained && failure.getMessage() != null) {
            return failure.getMessage();
        }
        String kind = failure.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return "unexpected " + kind + ": " + failure.getMessage() + "; repeat it with --verbose to see where";
    }
}
