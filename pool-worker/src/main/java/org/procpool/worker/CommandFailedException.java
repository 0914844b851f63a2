package org.procpool.worker;

/** A command has ended in another way than with exit code 0. It has no stack: what matters happened elsewhere. */
final class CommandFailedException extends Exception {

    private final String type;

    /**
     * Says how it ended.
     *
     * @param type one word, such as {@code EXIT_1} or {@code SIGSEGV}
     * @param message a sentence for people, without the command's arguments: they may be the payload
     */
    CommandFailedException(String type, String message) {
        super(message, null, false, false);
        this.type = type;
    }

    String type() {
        return type;
    }
}
