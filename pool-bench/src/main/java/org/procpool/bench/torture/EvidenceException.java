package org.procpool.bench.torture;

/** A record is none that driver or handler writes; the message has the file and the line. */
final class EvidenceException extends Exception {

    EvidenceException(String message) {
        super(message);
    }
}
