/** What the service has to say to systemd, and what systemd hands to it. Without systemd nothing here does anything. */
@NullMarked
package org.procpool.server.systemd;

import org.jspecify.annotations.NullMarked;
