package org.procpool.bench.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.torture.Evidence.DeathRecord;
import org.procpool.bench.torture.Evidence.OutcomeRecord;
import org.procpool.bench.torture.Evidence.RunRecord;
import org.procpool.bench.torture.Evidence.TaskRecord;
import org.procpool.proto.OutcomeKind;

/** Holds the evidence against what the pool promises. Used once. */
final class Judge {

    private static final int VIOLATIONS_TOLD = 50;

    private final Evidence evidence;
    private final List<String> violations = new ArrayList<>();
    private long violationCount;
    /** By pid: the tasks whose run in that process came to nothing. */
    private final Map<Long, List<Long>> lostByPid = new TreeMap<>();

    private long submitted;
    private long rejected;
    /** Runs that came to nothing, by the attempts that outcomes tell. */
    private long lostRuns;

    Judge(Evidence evidence) {
        this.evidence = evidence;
        evidence.violations.forEach(this::violation);
    }

    Verdict judge() {
        for (TaskRecord task : evidence.tasks) {
            if (task != null) {
                judge(task);
            }
        }
        evidence.deaths.values().forEach(this::judge);
        for (Map.Entry<Long, List<Long>> lost : lostByPid.entrySet()) {
            if (!evidence.deaths.containsKey(lost.getKey())) {
                violation("tasks " + lost.getValue() + " are said to be lost with process " + lost.getKey()
                        + ", whose death nobody reported");
            }
        }
        judgeSums();
        return new Verdict(submitted, evidence.runs, evidence.deaths.size(), lostRuns, violations, violationCount);
    }

    private void judge(TaskRecord task) {
        if (task.submissions != 1) {
            violation("task " + task.number + " was submitted " + task.submissions + " times");
        }
        submitted++;
        if (task.outcomes.size() != 1) {
            violation("task " + task.number + " has " + task.outcomes.size() + " outcomes");
            return;
        }
        OutcomeRecord outcome = task.outcomes.get(0);
        judgeOutcome(task, outcome);
        boolean answered = outcome.kind() == OutcomeKind.SUCCEEDED || outcome.kind() == OutcomeKind.FAILED;
        lostRuns += outcome.attempts() - (answered ? 1 : 0);
        rejected += outcome.kind() == OutcomeKind.REJECTED ? 1 : 0;
        if (!answered && outcome.attempts() > 0) {
            lose(outcome.pid(), task.number);
        }
        for (RunRecord run : task.runs) {
            // The last attempt is the outcome's.
            if (run.attempt != outcome.attempts()) {
                lose(run.pid, task.number);
            }
        }
        if (evidence.witnessed) {
            judgeRuns(task, outcome);
        }
    }

    private void judgeOutcome(TaskRecord task, OutcomeRecord outcome) {
        if (outcome.attempts() > task.attemptsMax) {
            violation("task " + task.number + " was started " + outcome.attempts() + " times and allows "
                    + task.attemptsMax);
        }
        boolean fits = switch (outcome.kind()) {
            case SUCCEEDED -> !task.way.isTask() && outcome.attempts() >= 1;
            case FAILED -> !evidence.witnessed;
            case EXPIRED -> outcome.attempts() == 0 && !task.way.isTask();
            case WORKER_LOST -> outcome.attempts() == task.attemptsMax && task.way != Way.TIME_OUT;
            case TIMED_OUT -> task.way == Way.TIME_OUT;
            case CANCELLED, REJECTED, UNKNOWN -> false;
        };
        if (!fits) {
            violation(
                    "task " + task.number + (task.way.isTask() ? ", which was to die of " + task.way.label() + "," : "")
                            + " ended as " + outcome.kind() + " after " + outcome.attempts() + " of " + task.attemptsMax
                            + " attempts");
        }
    }

    private void lose(long pid, long task) {
        lostByPid.computeIfAbsent(pid, any -> new ArrayList<>()).add(task);
    }

    private void judgeRuns(TaskRecord task, OutcomeRecord outcome) {
        RunRecord last = null;
        boolean[] seen = new boolean[outcome.attempts() + 1];
        for (RunRecord run : task.runs) {
            if (run.attempt < 1 || run.attempt > outcome.attempts() || seen[run.attempt]) {
                violation("task " + task.number + " ran as attempt " + run.attempt + " in process " + run.pid
                        + ", once too often: its outcome tells of " + outcome.attempts());
                return;
            }
            seen[run.attempt] = true;
            last = run.attempt == outcome.attempts() ? run : last;
        }
        if (outcome.kind() == OutcomeKind.SUCCEEDED) {
            judgeSuccess(task, outcome, last);
        } else if (last != null && last.pid != outcome.pid()) {
            violation("task " + task.number + " ran in process " + last.pid + ", its outcome says " + outcome.pid());
        }
    }

    private void judgeSuccess(TaskRecord task, OutcomeRecord outcome, @Nullable RunRecord run) {
        if (run == null || !run.ended) {
            violation("task " + task.number + " succeeded, but "
                    + (run == null ? "never began" : "was not run to its end"));
        } else if (run.pid != outcome.pid()) {
            violation("task " + task.number + " ran in process " + run.pid + ", its outcome says " + outcome.pid());
        } else if (!run.sum.equals(outcome.sum()) || run.bytes != outcome.bytes()) {
            violation("task " + task.number + " answered " + run.bytes + " bytes (" + run.sum + "), " + outcome.bytes()
                    + " bytes (" + outcome.sum() + ") arrived");
        }
    }

    private void judge(DeathRecord death) {
        String who = "the death of " + death.worker() + " (process " + death.pid() + ", "
                + death.way().label() + ")";
        List<Long> lost = lostByPid.getOrDefault(death.pid(), List.of());
        if (death.way() == Way.UNASKED) {
            violation(who + " was nobody's wish");
        }
        if (death.lost() > 1 || lost.size() > 1) {
            violation(who + " cost more than one task: the pool says " + death.lost() + ", the records " + lost);
        } else if (lost.size() > death.lost()) {
            violation(who + " cost task " + lost + ", of which the pool's account has nothing");
        }
        if (death.recovered() + death.returned() + death.lost() > death.inFlight()
                || death.wrapped() > death.recovered()) {
            violation(who + " has an account that does not add up: " + death);
        }
    }

    private void judgeSums() {
        long lost = 0;
        long wrapped = 0;
        for (DeathRecord death : evidence.deaths.values()) {
            lost += death.lost();
            wrapped += death.wrapped();
        }
        if (lost != lostRuns) {
            violation("the accounts of all deaths tell of " + lost + " lost runs, the outcomes of " + lostRuns);
        }
        if (evidence.deaths.size() < evidence.kills) {
            violation("there were " + evidence.deaths.size() + " deaths, not " + evidence.kills);
        }
        if (wrapped < evidence.wrappedMin) {
            violation("only " + wrapped + " answers were recovered across the end of a ring, which is less than "
                    + evidence.wrappedMin + " and proves too little");
        }
        if (evidence.stuck > 0) {
            violation("tasks waited for a second although a worker had nothing to do, " + evidence.stuck + " times");
        }
        if (evidence.accepted != submitted - rejected || evidence.ended != evidence.accepted) {
            violation("the pool counts " + evidence.accepted + " tasks accepted and " + evidence.ended + " ended, "
                    + (submitted - rejected) + " were submitted and not rejected");
        }
    }

    private void violation(String sentence) {
        violationCount++;
        if (violations.size() < VIOLATIONS_TOLD) {
            violations.add(sentence);
        }
    }
}
