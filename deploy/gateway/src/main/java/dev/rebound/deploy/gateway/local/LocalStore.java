package dev.rebound.deploy.gateway.local;

import dev.rebound.deploy.site.CommandFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What a gateway holds, on its own disk: tables of bytes by key. What is read of Kafka and up to where is written at once, so that
 * after a crash neither is ahead of the other. Any thread may read; one writes.
 */
final class LocalStore implements AutoCloseable {
    /** The tables. */
    enum Table {
        /** Up to where partitions were read, and the highest epoch that was seen in them. */
        POSITIONS,
        /** The newest list of each scenario and user, as it is on the topic. */
        LISTS,
        /** The newest profile of each user, as it is on the topic. */
        PROFILES,
        /** What is sold, and in which category. */
        ITEMS,
        /** What each user bought last. */
        PURCHASES,
        /** How much each item was taken. */
        POPULARITY
    }

    private final RocksDB db;
    private final DBOptions options;
    private final ColumnFamilyOptions tableOptions;
    private final WriteOptions writeOptions;
    private final Map<Table, ColumnFamilyHandle> tables = new EnumMap<>(Table.class);
    private final List<ColumnFamilyHandle> handles;

    private LocalStore(
            RocksDB db, DBOptions options, ColumnFamilyOptions tableOptions, List<ColumnFamilyHandle> handles) {
        this.db = db;
        this.options = options;
        this.tableOptions = tableOptions;
        this.writeOptions = new WriteOptions();
        this.handles = handles;
        for (Table table : Table.values()) {
            // The first is the default one, which RocksDB wants.
            tables.put(table, handles.get(table.ordinal() + 1));
        }
    }

    /**
     * Opens what is in a folder, or begins with nothing.
     *
     * @throws CommandFailedException if another process has it open, or it is damaged
     */
    static LocalStore open(Path folder) {
        RocksDB.loadLibrary();
        DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        ColumnFamilyOptions tableOptions = new ColumnFamilyOptions();
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tableOptions));
        for (Table table : Table.values()) {
            descriptors.add(new ColumnFamilyDescriptor(table.name().getBytes(StandardCharsets.US_ASCII), tableOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            return new LocalStore(
                    RocksDB.open(options, folder.toString(), descriptors, handles), options, tableOptions, handles);
        } catch (RocksDBException e) {
            throw new CommandFailedException(
                    "What the gateway holds in " + folder + " can't be opened: " + e.getMessage()
                            + ". If no other gateway uses the folder, delete it: all of it is read from Kafka again",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " can't be made", e);
        }
    }

    byte @Nullable [] get(Table table, byte[] key) {
        try {
            return db.get(tables.get(table), key);
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    void forEach(Table table, BiConsumer<byte[], byte[]> each) {
        try (RocksIterator rows = db.newIterator(tables.get(table))) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                each.accept(rows.key(), rows.value());
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    /** Changes that are made at once. */
    final class Changes implements AutoCloseable {
        private final WriteBatch batch = new WriteBatch();

        void put(Table table, byte[] key, byte[] value) {
            try {
                batch.put(tables.get(table), key, value);
            } catch (RocksDBException e) {
                throw failure(e);
            }
        }

        void delete(Table table, byte[] key) {
            try {
                batch.delete(tables.get(table), key);
            } catch (RocksDBException e) {
                throw failure(e);
            }
        }

        void write() {
            try {
                db.write(writeOptions, batch);
            } catch (RocksDBException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    Changes changes() {
        return new Changes();
    }

    private static IllegalStateException failure(RocksDBException e) {
        return new IllegalStateException("What the gateway holds can't be read or written: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        writeOptions.close();
        tableOptions.close();
        options.close();
    }
}
