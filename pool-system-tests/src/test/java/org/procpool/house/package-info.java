/** Checks of the house itself: its arrows, its habits, its tidiness. Reads classes and files, starts nothing. */
@NullMarked
package org.procpool.house;

import org.jspecify.annotations.NullMarked;
