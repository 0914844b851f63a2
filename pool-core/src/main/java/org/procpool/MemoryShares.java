package org.procpool;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procpool.process.MachineMemory;
import org.procpool.process.MemoryPlan;
import org.procpool.task.Sizes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what memory there is before a pool takes it. */
final class MemoryShares {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryShares.class);

    private MemoryShares() {}

    /**
     * How the memory is divided among this process and the workers; null if the workers are not Java.
     *
     * @throws PoolException with the numbers if it does not suffice
     */
    static @Nullable MemoryPlan plan(PoolOptions options) {
        if (!options.programs().workerCommand().isEmpty()) {
            return null;
        }
        MemoryPlan plan = MemoryPlan.of(
                        MachineMemory.look(Path.of("/")),
                        Runtime.getRuntime().maxMemory(),
                        options.processesMax(),
                        options.programs().workerHeapBytes(),
                        options.workerJvmArgs())
                .within(options.programs().groups().memoryBytesMax());
        String refusal = plan.refusal();
        if (refusal != null) {
            throw new PoolException("pool '" + options.name() + "': " + refusal);
        }
        String warning = plan.warning();
        if (warning != null) {
            LOG.warn("pool={} {}", options.name(), warning);
        }
        long bound = options.programs().groups().memoryBytesMax();
        if (bound > 0 && plan.origin() == MemoryPlan.Origin.ARGUMENTS && !plan.fitsIn(bound)) {
            LOG.warn(
                    "pool={} the heap of {} by worker-jvm-args and {} beside it are more than max-worker-memory, {}",
                    options.name(),
                    Sizes.format(plan.heapBytes()),
                    Sizes.format(MemoryPlan.BESIDE_BYTES),
                    Sizes.format(bound));
        }
        return plan;
    }

    /**
     * Whether the memory suffices for so many workers that serve, beside the spares.
     *
     * @param plan as it was made at the start; null if the workers are not Java
     * @throws IllegalArgumentException with the numbers if it does not
     */
    static void checkScale(PoolOptions options, @Nullable MemoryPlan plan, int workers) {
        if (plan == null) {
            return;
        }
        int processes = workers + options.spares();
        String refusal = plan.scaleRefusal(processes);
        if (refusal != null) {
            throw new IllegalArgumentException("workers would be " + workers + ", but " + refusal);
        }
        String warning = plan.scaleWarning(processes);
        if (warning != null) {
            LOG.warn("pool={} {}", options.name(), warning);
        }
    }
}
