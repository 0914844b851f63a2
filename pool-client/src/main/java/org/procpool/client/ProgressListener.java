package org.procpool.client;

/** Is told how far a running task is. Called where futures complete; see {@link PoolClient}. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Some reports may be missing: the service drops them when they come too fast.
     *
     * @param fraction 0 to 1
     */
    void onProgress(long taskId, double fraction, String note);
}
