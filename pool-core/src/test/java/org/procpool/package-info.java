/** Tests of the embeddable pool with real worker processes. */
@NullMarked
package org.procpool;

import org.jspecify.annotations.NullMarked;
