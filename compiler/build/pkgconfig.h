/* What the C compiler must be told for the modules that a pipeline links. */
#ifndef PKGCONFIG_H
#define PKGCONFIG_H

#include <stdbool.h>

#include "build/words.h"

/* Adds to `flags` and `libraries` what pkg-config (or $PKG_CONFIG) says of `module`, or -lNAME where it knows
 * nothing: then false. */
bool pkgconfig_ask(const char *module, struct words *flags, struct words *libraries);

#endif
