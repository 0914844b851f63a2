package org.procpool.conductor.simulation;

import java.util.Locale;

/** Runs many seeds: {@code --seeds N --from S --tasks N}. Exit 0: all held; 1: one did not; 2: usage. */
public final class SimulationMain {

    private static final int REPORT_EVERY = 10_000;

    private SimulationMain() {}

    public static void main(String[] args) {
        long seeds = 10_000;
        long from = 1;
        int tasks = 300;
        try {
            for (int i = 0; i < args.length; i += 2) {
                long value = Long.parseLong(args[i + 1]);
                switch (args[i]) {
                    case "--seeds" -> seeds = value;
                    case "--from" -> from = value;
                    case "--tasks" -> tasks = Math.toIntExact(value);
                    default -> throw new IllegalArgumentException("unknown option " + args[i]);
                }
            }
        } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException wrong) {
            System.err.println("usage: procpool-sim [--seeds N] [--from SEED] [--tasks N per seed]");
            System.exit(2);
        }
        System.exit(run(from, seeds, tasks) ? 0 : 1);
    }

    private static boolean run(long from, long seeds, int tasks) {
        Tally tally = new Tally();
        long begin = System.nanoTime();
        for (long done = 0; done < seeds; done += REPORT_EVERY) {
            try {
                tally.add(Campaign.run(from + done, Math.min(REPORT_EVERY, seeds - done), tasks));
            } catch (AssertionError broken) {
                System.err.println(broken.getMessage());
                return false;
            }
            System.out.printf(Locale.ROOT, "%d seeds, %d tasks%n", tally.seeds, tally.accepted);
        }
        System.out.print(tally.table());
        System.out.printf(Locale.ROOT, "%.1f s%n", (System.nanoTime() - begin) / 1e9);
        return true;
    }
}
