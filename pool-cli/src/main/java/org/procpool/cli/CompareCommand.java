package org.procpool.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.BenchException;
import org.procpool.bench.BenchFile;
import org.procpool.bench.CompareReport;
import org.procpool.bench.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code procpool bench compare}. */
@Command(
        name = "compare",
        description = "Compares two results that 'procpool bench --save FILE' has kept.",
        footer = {
            "",
            "Medians of the runs. 'better' and 'worse' mean that all runs of one file lie on the same side of all runs"
                    + " of the other; so keep at least three each (--runs 3).",
            "",
            "Examples:",
            "  procpool bench --runs 5 --save before.json",
            "  procpool bench --runs 5 --save after.json",
            "  procpool bench compare before.json after.json --html change.html"
        })
final class CompareCommand extends CliCommand {

    @Parameters(index = "0", paramLabel = "A", description = "Before.")
    private @Nullable Path first;

    @Parameters(index = "1", paramLabel = "B", description = "After.")
    private @Nullable Path second;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with plots of both there.")
    private @Nullable Path html;

    @Option(names = "--json", description = "Prints one line of JSON instead of the table.")
    private boolean json;

    CompareCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        Path a = Objects.requireNonNull(first);
        Path b = Objects.requireNonNull(second);
        try {
            BenchFile before = BenchFile.read(a);
            BenchFile after = BenchFile.read(b);
            console.print((json
                            ? CompareReport.json(before, after)
                            : CompareReport.text(a.toString(), before, b.toString(), after))
                    .stripTrailing());
            if (html != null) {
                HtmlReport.write(
                        html,
                        List.of(new HtmlReport.Named(a.toString(), before), new HtmlReport.Named(b.toString(), after)));
            }
            return ExitCode.OK;
        } catch (BenchException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
