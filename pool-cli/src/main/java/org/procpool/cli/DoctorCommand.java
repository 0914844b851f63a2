package org.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.procpool.cli.doctor.Doctor;
import org.procpool.cli.doctor.Finding;
import org.procpool.cli.doctor.Finding.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code procpool doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks at what this machine gives to a service: what is there, what is not, what you lose by that,"
                        + " what to install.",
        customSynopsis = "procpool doctor [--json] [OPTIONS OF SERVE]",
        footer = {
            "",
            "Takes the options of 'procpool serve' and its settings, since what is needed depends on them; run it as the"
                    + " user that runs the service.",
            "ok: it is there. missing: the service works without, at a cost. optional: for those who want it. broken:"
                    + " the service does not start like this.",
            "Exit code: 0, 1 something is broken, 2 something is wrong with the settings.",
            "",
            "Examples:",
            "  procpool doctor",
            "  procpool doctor --workers 16 --json"
        })
final class DoctorCommand extends CliCommand {

    @Option(names = "--json", description = "Prints a list of findings.")
    private boolean json;

    @Unmatched
    private List<String> flags = new ArrayList<>();

    DoctorCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        ServeConfig config = ServeConfig.read(flags, System.getenv());
        config.check();
        List<Finding> findings = findings(config);
        if (json) {
            console.print(new ObjectMapper().writeValueAsString(findings));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.BROKEN)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private static List<Finding> findings(ServeConfig config) {
        try {
            return Doctor.ofThisMachine(config.command().options()).findings();
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private void print(Finding finding) {
        String verdict = finding.verdict().label();
        console.print(String.format("%-8s  %s: %s", verdict, finding.subject(), finding.found()));
        if (!finding.loss().isEmpty()) {
            console.print("          lost:    " + finding.loss());
            console.print("          remedy:  " + finding.remedy());
        }
    }
}
