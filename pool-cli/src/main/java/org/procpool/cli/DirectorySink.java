package org.procpool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.procpool.client.TaskResult;

/**
 * Puts each result below a directory, where its input was below another.
 *
 * @param base of the inputs
 * @param directory made if it is not there
 */
record DirectorySink(Path base, Path directory) implements BatchSink {

    DirectorySink {
        try {
            Files.createDirectories(directory);
            if (Files.isSameFile(base, directory)) {
                throw CliException.usage(
                        "--out-dir '" + directory + "' is where the inputs are; they would be replaced");
            }
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "cannot make the directory '" + directory + "': " + FileErrors.why(e), e);
        }
    }

    @Override
    public void succeeded(BatchItem item, TaskResult result) {
        Path target = directory.resolve(base.relativize(Path.of(item.label())));
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "cannot make the directory of '" + target + "': " + FileErrors.why(e), e);
        }
        ShowOption.save(result.payload(), target);
    }
}
