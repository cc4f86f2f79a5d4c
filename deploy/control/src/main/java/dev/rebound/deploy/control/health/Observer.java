package dev.rebound.deploy.control.health;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs all probes side by side and waits for none longer than its patience: a frozen process answers never. */
final class Observer implements AutoCloseable {
    private final Callable<Observation.Kafka> kafka;
    private final Callable<Observation.Hdfs> hdfs;
    private final Callable<Observation.Write> write;
    private final Callable<Observation.JobManagers> jobManagers;
    private final Callable<Observation.Flink> flink;
    private final Callable<Observation.ZooKeeper> zooKeeper;
    private final Callable<Observation.Host> host;
    private final Callable<Observation.Backups> backups;
    private final Callable<Observation.Transactions> transactions;
    private final Callable<List<Observation.Readers>> readers;
    private final Duration patience;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "health-probe");
        thread.setDaemon(true);
        return thread;
    });

    Observer(
            Callable<Observation.Kafka> kafka,
            Callable<Observation.Hdfs> hdfs,
            Callable<Observation.Write> write,
            Callable<Observation.JobManagers> jobManagers,
            Callable<Observation.Flink> flink,
            Callable<Observation.ZooKeeper> zooKeeper,
            Callable<Observation.Host> host,
            Callable<Observation.Backups> backups,
            Callable<Observation.Transactions> transactions,
            Callable<List<Observation.Readers>> readers,
            Duration patience,
            InstantSource clock) {
        this.kafka = kafka;
        this.hdfs = hdfs;
        this.write = write;
        this.jobManagers = jobManagers;
        this.flink = flink;
        this.zooKeeper = zooKeeper;
        this.host = host;
        this.backups = backups;
        this.transactions = transactions;
        this.readers = readers;
        this.patience = patience;
        this.clock = clock;
    }

    Observation observe() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        Future<Observation.Kafka> kafkaFuture = threads.submit(kafka);
        Future<Observation.Hdfs> hdfsFuture = threads.submit(hdfs);
        Future<Observation.Write> writeFuture = threads.submit(write);
        Future<Observation.JobManagers> jobManagersFuture = threads.submit(jobManagers);
        Future<Observation.Flink> flinkFuture = threads.submit(flink);
        Future<Observation.ZooKeeper> zooKeeperFuture = threads.submit(zooKeeper);
        Future<Observation.Host> hostFuture = threads.submit(host);
        Future<Observation.Backups> backupsFuture = threads.submit(backups);
        Future<Observation.Transactions> transactionsFuture = threads.submit(transactions);
        Future<List<Observation.Readers>> readersFuture = threads.submit(readers);
        return new Observation(
                clock.instant(),
                read(kafkaFuture, deadlineNanos),
                read(hdfsFuture, deadlineNanos),
                read(writeFuture, deadlineNanos),
                read(jobManagersFuture, deadlineNanos),
                read(flinkFuture, deadlineNanos),
                read(zooKeeperFuture, deadlineNanos),
                read(hostFuture, deadlineNanos),
                read(backupsFuture, deadlineNanos),
                read(transactionsFuture, deadlineNanos),
                read(readersFuture, deadlineNanos));
    }

    private <T> Reading<T> read(Future<T> probe, long deadlineNanos) throws InterruptedException {
        try {
            return Reading.of(probe.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            probe.cancel(true);
            return Reading.failed("no answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof ExecutionException inner ? inner.getCause() : e.getCause();
            if (cause instanceof NotCheckedException) {
                return Reading.notChecked(String.valueOf(cause.getMessage()));
            }
            return Reading.failed(String.valueOf(cause.getMessage() == null ? cause : cause.getMessage()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
