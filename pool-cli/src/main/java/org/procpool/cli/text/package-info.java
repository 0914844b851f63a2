/** Text that other processes said, on its way to people's terminals. */
@NullMarked
package org.procpool.cli.text;

import org.jspecify.annotations.NullMarked;
