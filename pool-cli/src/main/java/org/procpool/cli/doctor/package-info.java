/** What the machine gives to a service, and what it costs where it does not. Only looks; starts and changes nothing. */
@NullMarked
package org.procpool.cli.doctor;

import org.jspecify.annotations.NullMarked;
