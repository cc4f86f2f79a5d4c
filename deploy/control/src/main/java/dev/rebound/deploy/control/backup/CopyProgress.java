package dev.rebound.deploy.control.backup;

import dev.rebound.deploy.site.Progress;
import dev.rebound.deploy.site.Ticker;

/** Counts the bytes and files of a copy, and says now and then how far it is. */
final class CopyProgress {
    private final String what;
    private final long totalFiles;
    private final long totalBytes;
    private final Ticker ticker;
    private long files;
    private long bytes;

    /** @param what is done, such as {@code copied} */
    CopyProgress(Progress output, String what, long totalFiles, long totalBytes) {
        this.what = what;
        this.totalFiles = totalFiles;
        this.totalBytes = totalBytes;
        this.ticker = new Ticker(output);
    }

    void bytes(long more) {
        bytes += more;
        ticker.tick(() -> what + " " + files + " of " + totalFiles + " files, " + Bytes.text(bytes) + " of "
                + Bytes.text(totalBytes));
    }

    void file() {
        files++;
    }
}
