@NullMarked
package org.procpool.cli;

import org.jspecify.annotations.NullMarked;
