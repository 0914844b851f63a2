/** How the service's log looks. The library logs by slf4j and knows nothing of this. */
@NullMarked
package org.procpool.cli.log;

import org.jspecify.annotations.NullMarked;
