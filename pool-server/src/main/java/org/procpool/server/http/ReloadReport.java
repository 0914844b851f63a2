package org.procpool.server.http;

import java.util.List;

/**
 * What became of a configuration that was read again.
 *
 * @param applied settings that have changed and are in force
 * @param restart settings that have changed and will be in force after the next start
 * @param problems what is wrong with it; then nothing was applied
 */
public record ReloadReport(List<String> applied, List<String> restart, List<String> problems) {}
