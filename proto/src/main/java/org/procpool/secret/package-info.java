/** Keys, certificates and tokens as files, for the service and for its clients. Any thread; reads files. */
@NullMarked
package org.procpool.secret;

import org.jspecify.annotations.NullMarked;
