package org.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The service that is watched. Called by any thread; every method may wait. */
public interface TopService {

    /** Where it is, for people. */
    String address();

    /**
     * Hands over what the service tells, four times a second, until it ends that.
     *
     * @param pulses says whether it wants more
     * @throws LostException if it does not answer, or not any more
     */
    void watch(Predicate<JsonNode> pulses) throws LostException;

    /**
     * Reports of workers that are gone, the newest first.
     *
     * @throws LostException if it does not answer, or refuses
     */
    JsonNode autopsies() throws LostException;

    /**
     * Has a worker replaced.
     *
     * @throws LostException if it does not answer, or refuses
     */
    void restart(int worker) throws LostException;

    /** The service did not do it; the message says why, for people. */
    final class LostException extends Exception {

        private static final long serialVersionUID = 1;

        /** @param cause null if it was no error that said so */
        public LostException(@Nullable String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
