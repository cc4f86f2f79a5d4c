package dev.rebound.operators.release;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Makes sure that a folder is this process' user's alone to write: what is loaded from it is code. */
final class PrivateFolder {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /**
     * Makes the folder, with mode 700, or looks at who can write the one that is there. Where a file system knows no owners and
     * modes, the folder is only made.
     *
     * @throws IOException naming the folder, its owner and its mode, if another user can write it or owns it
     */
    static void require(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(folder);
            return;
        }
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNERS));
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw refused(folder, "others than its owner can write it");
        }
        if (!isOurs(folder)) {
            throw refused(folder, "this process runs as another user");
        }
    }

    /** By a folder made in it: a user's name or number may be unknown in a container, or be another on a network's disk. */
    private static boolean isOurs(Path folder) throws IOException {
        Path made;
        try {
            made = Files.createTempDirectory(folder, ".owner-");
        } catch (AccessDeniedException e) {
            return false;
        }
        try {
            UserPrincipal we = Files.getOwner(made);
            return we.equals(Files.getOwner(folder));
        } finally {
            Files.delete(made);
        }
    }

    private static IOException refused(Path folder, String why) throws IOException {
        return new IOException("The folder of model packages " + folder + " is of " + Files.getOwner(folder)
                + " with mode " + PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)) + ": " + why
                + ", and packages are code. chmod 700 it if it is yours, or set --model.cache-dir to a folder that is not"
                + " there yet");
    }
}
