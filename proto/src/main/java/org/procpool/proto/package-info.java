/**
 * What two processes must agree on: frames, the fields of the messages that are on the path of a task, payloads and
 * task ids. The {@code .proto} files are the specification; the classes here read and write the hot messages by hand,
 * because generated ones cost objects for every task and class loading at every worker start. Tests hold one against
 * the other. Imports nothing but the JDK.
 */
@NullMarked
package org.procpool.proto;

import org.jspecify.annotations.NullMarked;
