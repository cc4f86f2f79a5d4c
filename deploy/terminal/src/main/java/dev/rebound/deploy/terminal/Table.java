package dev.rebound.deploy.terminal;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Rows and columns, each column as wide as its widest cell. */
public final class Table {
    private static final int GAP = 2;

    private Table() {}

    /** Prints rows of equal length, the first one being the head. */
    public static void print(PrintWriter out, List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length() + GAP);
            }
        }
        Column[] columns = Arrays.stream(widths)
                .mapToObj(width -> new Column(width, 0, Column.Overflow.TRUNCATE))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
        rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
        out.print(table);
    }
}
