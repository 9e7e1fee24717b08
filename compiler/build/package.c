/* The modules that the library of parts and the examples link. tools/setup.sh, which installs them, calls them the same. */
#include "build/package.h"

#include <stdlib.h>
#include <string.h>

#include "build/which.h"

enum manager { APT, DNF, APK, NMANAGERS };

static const char *const managers[NMANAGERS] = { "apt-get", "dnf", "apk" };

static const struct package {
    const char *module;
    const char *commands[NMANAGERS];
} packages[] = {
    { "libcurl", { "apt-get install libcurl4-openssl-dev", "dnf install libcurl-devel", "apk add curl-dev" } },
    { "sqlite3", { "apt-get install libsqlite3-dev", "dnf install sqlite-devel", "apk add sqlite-dev" } },
    { "libcrypto", { "apt-get install libssl-dev", "dnf install openssl-devel", "apk add openssl-dev" } },
    { "libdeflate", { "apt-get install libdeflate-dev", "dnf install libdeflate-devel", "apk add libdeflate-dev" } },
};

static enum manager find_manager(void)
{
    enum manager manager = 0;

    for (; manager < NMANAGERS; manager++) {
        char *const program = which_program(managers[manager]);

        free(program);
        if (program)
            break;
    }
    return manager;
}

const char *package_command(const char *module)
{
    const enum manager manager = find_manager();

    for (size_t i = 0; manager < NMANAGERS && i < sizeof packages / sizeof *packages; i++)
        if (strcmp(packages[i].module, module) == 0)
            return packages[i].commands[manager];
    return NULL;
}
