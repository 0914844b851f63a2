package org.procpool.system;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** Handlers that only tests need, beside the misbehaving samples. Public, because workers make one by its name. */
public final class ZooHandlers implements HandlerProvider {

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("pid", (context, payload) -> pid());
        handlers.put("gate", ZooHandlers::gate);
        handlers.put("gate-file", ZooHandlers::gateAndMark);
        handlers.put("mark-and-ignore", ZooHandlers::markAndIgnore);
        handlers.put("signal", ZooHandlers::signal);
        handlers.put("retire", ZooHandlers::retire);
        handlers.put("progress", ZooHandlers::progress);
        handlers.put("print", ZooHandlers::print);
        handlers.put("refuse", (context, payload) -> {
            throw new IllegalStateException(payload.size() + " bytes are not for me");
        });
        handlers.put("print-and-throw", (context, payload) -> {
            System.out.println(payload.text());
            throw new IllegalStateException("printed");
        });
        handlers.put("print-and-wait", (context, payload) -> {
            System.err.println(payload.text());
            new CountDownLatch(1).await();
            return payload;
        });
        handlers.put("attempt", (context, payload) -> Payload.of(Integer.toString(context.attempt())));
        handlers.put("crash-below-attempt", ZooHandlers::crashBelowAttempt);
        handlers.put("fail-below-attempt", (context, payload) -> {
            if (context.attempt() < Integer.parseInt(payload.text())) {
                throw new IllegalStateException("attempt " + context.attempt() + " fails");
            }
            return Payload.of(Integer.toString(context.attempt()));
        });
        handlers.put("close-control", ZooHandlers::closeControl);
        handlers.put("close-both", ZooHandlers::closeBoth);
        handlers.put("spawn", ZooHandlers::spawn);
        handlers.put("spawn-away", ZooHandlers::spawnAway);
        handlers.put("hoard-native", ZooHandlers::hoardNative);
        handlers.put("hook", ZooHandlers::hook);
        return handlers;
    }

    private static Payload pid() {
        return Payload.of(Long.toString(ProcessHandle.current().pid()));
    }

    /** Ends when the file named by the payload exists; an interrupt ends it too. */
    private static Payload gate(TaskContext context, Payload payload) throws InterruptedException {
        Path file = Path.of(payload.text());
        while (!Files.exists(file)) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return pid();
    }

    /** As {@link #gate}, for {@code OPEN:MARK}: makes the second file at its start. */
    private static Payload gateAndMark(TaskContext context, Payload payload) throws Exception {
        String[] files = payload.text().split(":", 2);
        Files.createFile(Path.of(files[1]));
        return gate(context, Payload.of(files[0]));
    }

    /** Makes the file named by the payload and from then on heeds nothing. */
    private static Payload markAndIgnore(TaskContext context, Payload payload) throws Exception {
        Files.createFile(Path.of(payload.text()));
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                context.logger().log(System.Logger.Level.DEBUG, "interrupted, and not impressed");
            }
        }
    }

    /** Sends its own process a signal, named by the payload, and waits for the end. */
    private static Payload signal(TaskContext context, Payload payload) throws Exception {
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill -" + payload.text() + " "
                                + ProcessHandle.current().pid())
                .start();
        new CountDownLatch(1).await();
        return payload;
    }

    private static Payload retire(TaskContext context, Payload payload) {
        context.retireWorker();
        return pid();
    }

    /** Reports so many times, then waits for the file {@code COUNT:FILE}. */
    private static Payload progress(TaskContext context, Payload payload) throws InterruptedException {
        String[] parts = payload.text().split(":", 2);
        int count = Integer.parseInt(parts[0]);
        for (int i = 1; i <= count; i++) {
            context.progress((double) i / count, "step " + i);
        }
        return gate(context, Payload.of(parts[1]));
    }

    /** Prints the payload to standard output, a line on standard error, and ends the process. */
    private static Payload print(TaskContext context, Payload payload) {
        System.out.println(payload.text());
        System.err.println("last words of " + ProcessHandle.current().pid());
        System.exit(9);
        return payload;
    }

    private static Payload crashBelowAttempt(TaskContext context, Payload payload) {
        if (context.attempt() < Integer.parseInt(payload.text())) {
            Runtime.getRuntime().halt(1);
        }
        return Payload.of(Integer.toString(context.attempt()));
    }

    /** The supervisor sees the end of the control socket, though the process lives. */
    private static Payload closeControl(TaskContext context, Payload payload) throws Exception {
        controlChannel().shutdownOutput();
        new CountDownLatch(1).await();
        return payload;
    }

    private static Payload closeBoth(TaskContext context, Payload payload) throws Exception {
        SocketChannel control = controlChannel();
        Object outbox = field(context, "outbox");
        Object writer = field(outbox, "writer");
        ((SocketChannel) field(writer, "socket")).shutdownOutput();
        control.shutdownOutput();
        new CountDownLatch(1).await();
        return payload;
    }

    private static SocketChannel controlChannel() throws ReflectiveOperationException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("procpool-control")) {
                return (SocketChannel) field(thread, "channel");
            }
        }
        throw new IllegalStateException("no thread listens on the control socket");
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    /** Starts a process that would run for an hour, and waits with it; writes its number to the file first. */
    private static Payload spawn(TaskContext context, Payload payload) throws Exception {
        Process child = new ProcessBuilder("sleep", "3600").start();
        Path file = Path.of(payload.text());
        Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), child.pid() + "");
        Files.move(written, file);
        child.waitFor();
        return payload;
    }

    /**
     * Starts a process that sheds all that it could be known by, its session, its parent and its environment, and puts
     * its pid in the file named by the payload. Waits for the end.
     */
    private static Payload spawnAway(TaskContext context, Payload payload) throws Exception {
        String file = payload.text();
        String script = "echo $$ >" + file + ".new; mv " + file + ".new " + file + "; exec sleep 3600";
        new ProcessBuilder("sh", "-c", "setsid env -i sh -c '" + script + "' &")
                .inheritIO()
                .start();
        new CountDownLatch(1).await();
        return payload;
    }

    /** Takes more and more memory that is not of the heap, and uses it. */
    private static Payload hoardNative(TaskContext context, Payload payload) {
        List<ByteBuffer> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
            for (int i = 0; i < block.capacity(); i += 1024) {
                block.put(i, (byte) 1);
            }
            kept.add(block);
        }
        return payload;
    }

    /** A shutdown hook that never ends must not keep the process. */
    private static Payload hook(TaskContext context, Payload payload) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.onSpinWait();
                }
            }
        }));
        System.exit(0);
        return payload;
    }
}
