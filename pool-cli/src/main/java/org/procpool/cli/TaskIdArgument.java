package org.procpool.cli;

import org.procpool.proto.TaskId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;

/** The id of a task, as {@code procpool submit --detach} prints it. */
final class TaskIdArgument {

    @Parameters(
            index = "0",
            paramLabel = "ID",
            converter = Reader.class,
            description = "The task's id, from 'procpool submit --detach', 'procpool tasks' or an error.")
    private Long id = 0L;

    long id() {
        return id;
    }

    static final class Reader implements ITypeConverter<Long> {

        @Override
        public Long convert(String text) {
            return TaskId.parse(text);
        }
    }
}
