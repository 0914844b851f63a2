package org.procpool.bench.torture;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The program that judges: reads what the handlers and the driver put on file, and nothing else. Prints its counts and
 * what is wrong; ends with 0 if all holds, 1 if not, 2 if it cannot read the files.
 */
public final class TortureVerifier {

    private TortureVerifier() {}

    public static void main(String[] arguments) {
        System.exit(run(Path.of(arguments[0])));
    }

    private static int run(Path directory) {
        try {
            Verdict verdict = new Judge(Evidence.read(directory)).judge();
            verdict.lines().forEach(System.out::println);
            return verdict.holds() ? 0 : 1;
        } catch (IOException | EvidenceException e) {
            System.out.println("cannot read the records in " + directory + ": " + e.getMessage());
            return 2;
        }
    }
}
