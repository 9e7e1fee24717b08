/* What the distribution calls what a pipeline links. */
#ifndef PACKAGE_H
#define PACKAGE_H

/* The command that installs what `module`, a pkg-config module, stands for, as the machine's package manager wants it. It is
 * static; NULL where the manager or the module is none of those that are known here. */
const char *package_command(const char *module);

#endif
