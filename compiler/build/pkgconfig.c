/* Asking pkg-config. */
#include "build/pkgconfig.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/process.h"

/* What `pkg-config WHICH MODULE` prints, as words. False where it knows nothing of the module, or is not installed. */
static bool ask(const char *which, const char *module, struct words *answer)
{
    const char *program = getenv("PKG_CONFIG");
    struct words command = { 0 };
    char *line;

    words_split(&command, program && *program ? program : "pkg-config");
    words_add(&command, "%s", which);
    words_add(&command, "%s", module);
    line = process_line(&command);
    words_free(&command);
    words_split(answer, line);
    free(line);
    return line != NULL;
}

bool pkgconfig_ask(const char *module, struct words *flags, struct words *libraries)
{
    if (ask("--cflags", module, flags) && ask("--libs", module, libraries))
        return true;
    words_add(libraries, "-l%s", strncmp(module, "lib", 3) == 0 ? module + 3 : module);
    return false;
}
