package org.procpool;

import java.util.List;

/**
 * What has been noted since somebody asked last.
 *
 * @param entries in their order
 * @param last number of the newest entry that there is; to ask on from
 * @param missed how many were forgotten before they were asked for
 */
public record Excerpt<T>(List<T> entries, long last, long missed) {}
