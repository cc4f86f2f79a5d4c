package dev.rebound.deploy.control.dr;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files below a folder that are whole. */
final class FolderFiles {
    private FolderFiles() {}

    /** Without what is hidden, which is being written; none where there is no such folder. */
    static List<FileStatus> oldestFirst(FileSystem files, Path folder) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        Deque<Path> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty()) {
            for (FileStatus entry : list(files, open.pop())) {
                if (entry.getPath().getName().startsWith(".")) {
                    continue;
                }
                if (entry.isDirectory()) {
                    open.push(entry.getPath());
                } else {
                    found.add(entry);
                }
            }
        }
        found.sort(Comparator.comparingLong(FileStatus::getModificationTime));
        return found;
    }

    private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
