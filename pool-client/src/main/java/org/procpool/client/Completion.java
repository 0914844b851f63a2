package org.procpool.client;

/**
 * A task of a batch that has ended.
 *
 * @param index place of the request in the batch, from 0; results come as they complete, not in this order
 */
public record Completion(long index, TaskRequest request, TaskResult result) {}
