/**
 * Large payloads: they lie in files, in memory as long as there is room and else on a disk, where workers find them and
 * leave results. Files in memory get one payload after the other. The loop writes to memory only; a thread of its own
 * does what may wait for a disk. May not import the conductor, the link or the process room.
 */
@NullMarked
package org.procpool.spool;

import org.jspecify.annotations.NullMarked;
