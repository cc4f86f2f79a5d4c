package dev.rebound.deploy.lab.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a CSV file that has a head line, row by row; a bad row is named and passed over. */
final class CsvRows {
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    private CsvRows() {}

    /** Takes one row; throws {@link IllegalArgumentException}, saying what is wrong, for one that it can't use. */
    interface Consumer {
        void accept(CSVRecord row, long line);
    }

    /** Gives every row to the consumer, and notes those that it refuses. */
    static void read(DataFile file, List<RejectedRow> rejected, Consumer consumer) {
        try (CSVParser parser =
                CSVParser.builder().setReader(file.open()).setFormat(FORMAT).get()) {
            for (CSVRecord row : parser) {
                long line = parser.getCurrentLineNumber();
                try {
                    consumer.accept(row, line);
                } catch (IllegalArgumentException e) {
                    rejected.add(new RejectedRow(file.name(), line, String.valueOf(e.getMessage())));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw file.unreadable(e);
        }
    }

    /** A cell that must not be empty. */
    static String required(CSVRecord row, String column) {
        String text = row.get(column);
        if (text.isEmpty()) {
            throw new IllegalArgumentException(column + " is empty");
        }
        return text;
    }

    /** A cell that must be a whole number. */
    static long wholeNumber(CSVRecord row, String column) {
        try {
            return Long.parseLong(row.get(column));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(column + " is '" + row.get(column) + "', wanted is a whole number", e);
        }
    }
}
