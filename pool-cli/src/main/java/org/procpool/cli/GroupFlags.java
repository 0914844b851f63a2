package org.procpool.cli;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.cgroup.GroupOptions;
import org.procpool.cgroup.GroupUse;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of {@code serve} about the workers' control groups. */
final class GroupFlags {

    @Option(
            names = "--max-worker-memory",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Memory of a worker and all that it starts beyond which the kernel kills it, where workers"
                    + " can have control groups of their own; elsewhere it bounds their heap only. From 92m, default"
                    + " 0 = no bound.")
    private @Nullable Long maxMemory;

    @Option(
            names = "--worker-cgroups",
            paramLabel = "auto|required|off",
            converter = UseReader.class,
            completionCandidates = Uses.class,
            description = "A control group for each worker, which also ends whatever it has started: auto where it is"
                    + " possible, required or else the service does not start, off; default auto with"
                    + " --max-worker-memory, else off.")
    private @Nullable GroupUse use;

    PoolOptions apply(PoolOptions base) {
        GroupOptions groups = maxMemory == null ? base.programs().groups() : GroupOptions.memory(maxMemory);
        return base.withPrograms(base.programs().withGroups(PoolFlags.with(groups, use, GroupOptions::withUse)));
    }

    static final class Uses implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(GroupUse.values()).map(GroupUse::label).iterator();
        }
    }

    static final class UseReader implements ITypeConverter<GroupUse> {

        @Override
        public GroupUse convert(String text) {
            for (GroupUse use : GroupUse.values()) {
                if (use.label().equals(text)) {
                    return use;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not one of auto, required and off");
        }
    }
}
