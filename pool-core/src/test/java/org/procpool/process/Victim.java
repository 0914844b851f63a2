package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.procpool.recorder.WorkerPage;

/** What the tests run in place of a worker. */
final class Victim {

    private static final Object LEFT = new Object();
    private static final Object RIGHT = new Object();

    private Victim() {}

    public static void main(String[] arguments) throws Exception {
        String settings = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        System.out.println("hello");
        switch (arguments[0]) {
            case "settings" -> System.out.println(settings);
            case "claim" -> claim(settings);
            case "deadlock" -> deadlock();
            case "out-of-memory" -> fill();
            case "exit-3" -> System.exit(3);
            case "spin" -> spin();
            case "children" -> children(arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void claim(String settings) throws IOException {
        String line = settings.lines()
                .filter(setting -> setting.startsWith("recorder="))
                .findFirst()
                .orElseThrow();
        WorkerPage page = WorkerPage.map(Path.of(line.substring("recorder=".length())));
        while (!isOffered(page)) {
            Thread.onSpinWait();
        }
        System.out.println("claimed");
    }

    private static boolean isOffered(WorkerPage page) {
        try {
            return page.tryStart(1, System.nanoTime());
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    private static void deadlock() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        new Thread(() -> lock(LEFT, RIGHT, both), "left-handed").start();
        new Thread(() -> lock(RIGHT, LEFT, both), "right-handed").start();
        both.await();
        System.out.println("locked");
    }

    private static void lock(Object first, Object second, CountDownLatch both) {
        synchronized (first) {
            both.countDown();
            await(both);
            synchronized (second) {
                System.out.println("never");
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fill() {
        List<long[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new long[1 << 17]);
        }
    }

    private static void spin() {
        System.out.println("spinning");
        long turns = 0;
        while (turns >= 0) {
            turns = turns + 1 & 0xFFFF;
        }
    }

    /** In the shell's background, in a session of its own with two parents between, and without any variables. */
    private static void children(String mark) throws Exception {
        String sleep = "sleep " + mark + " & ";
        List<String> scripts =
                List.of(sleep + sleep + "wait", "(setsid sh -c '" + sleep + "' &)", "(env -i sleep " + mark + " &)");
        for (String script : scripts) {
            new ProcessBuilder("sh", "-c", script).inheritIO().start();
        }
        System.out.println("started");
        new CountDownLatch(1).await();
    }
}
