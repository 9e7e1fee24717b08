/* How many processors the cgroup of this process may use: the tightest limit from its own group up to the mount's root.
 *
 * /proc/self/cgroup names the group in each hierarchy, /proc/self/mountinfo where that hierarchy is mounted. Version 2
 * keeps the limit in cpu.max, version 1 in cpu.cfs_quota_us and cpu.cfs_period_us of the hierarchy with the controller
 * `cpu`; a machine may have both. What cannot be read does not limit. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/cgroup.h"

/* The first `n` numbers in a file. */
static bool numbers_read(const char *directory, const char *name, long *numbers, int n)
{
    char *path = NULL;
    FILE *file;
    bool all = true;

    if (asprintf(&path, "%s/%s", directory, name) < 0)
        return false;
    file = fopen(path, "re");
    free(path);
    for (int i = 0; file && all && i < n; i++)
        all = fscanf(file, "%ld", &numbers[i]) == 1;
    if (file)
        fclose(file);
    return file && all;
}

/* Quota and period, in microseconds. False: no limit, which version 2 writes as "max" and version 1 as -1. */
static bool quota_read(const char *directory, bool v2, long *quota)
{
    const bool read = v2 ? numbers_read(directory, "cpu.max", quota, 2)
                         : numbers_read(directory, "cpu.cfs_quota_us", &quota[0], 1) &&
                               numbers_read(directory, "cpu.cfs_period_us", &quota[1], 1);

    return read && quota[0] > 0 && quota[1] > 0;
}

/* Part of a processor counts as one. */
static uint32_t limit_of(const char *directory, bool v2, uint32_t most)
{
    long quota[2];
    long cpus;

    if (!quota_read(directory, v2, quota))
        return most;
    cpus = quota[0] / quota[1] + (quota[0] % quota[1] > 0);
    return cpus < (long)most ? (uint32_t)cpus : most;
}

/* The tightest limit of `group` and what it lies in; `top` bytes of it are the mount point. `group` is cut short. */
static uint32_t limit_up(char *group, size_t top, bool v2, uint32_t most)
{
    for (;;) {
        char *slash;

        most = limit_of(group, v2, most);
        slash = strrchr(group, '/');
        if (!slash || (size_t)(slash - group) < top)
            return most;
        *slash = '\0';
    }
}

/* Whether `word` is one of those between the commas. */
static bool has_word(const char *list, const char *word)
{
    const size_t length = strlen(word);

    for (const char *at = list;; at++) {
        if (!strncmp(at, word, length) && (at[length] == ',' || at[length] == '\0'))
            return true;
        at = strchr(at, ',');
        if (!at)
            return false;
    }
}

/* "12:cpu,cpuacct:/group", "0::/group": the group in the hierarchy of version 2, or in that of the controller `cpu`. */
static char *group_read(const char *root, bool v2)
{
    char *path = NULL, *line = NULL, *group = NULL;
    size_t size = 0;
    FILE *file = asprintf(&path, "%s/proc/self/cgroup", root) < 0 ? NULL : fopen(path, "re");

    while (file && !group && getline(&line, &size, file) > 0) {
        char *controllers = strchr(line, ':');
        char *own = controllers ? strchr(controllers + 1, ':') : NULL;

        if (!own)
            continue;
        *own++ = '\0';
        own[strcspn(own, "\n")] = '\0';
        if (v2 ? !strncmp(line, "0:", 2) && !controllers[1] : has_word(controllers + 1, "cpu"))
            group = strdup(own);
    }
    if (file)
        fclose(file);
    free(line);
    free(path);
    return group;
}

/* mountinfo writes a blank in a name as \040. */
static void unescape(char *name)
{
    char *to = name;

    for (const char *at = name; *at; to++) {
        const bool escaped = at[0] == '\\' && strspn(at + 1, "01234567") >= 3;

        *to = escaped ? (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + at[3] - '0') : *at;
        at += escaped ? 4 : 1;
    }
    *to = '\0';
}

/* What of `group` lies below `mounted`, the group that is mounted. Where it does not, as in some containers, the mount
 * itself is all of it that can be seen. */
static const char *group_below(const char *group, const char *mounted)
{
    const size_t length = strcmp(mounted, "/") ? strlen(mounted) : 0;

    if (strncmp(group, mounted, length) || (group[length] != '/' && group[length] != '\0') || strstr(group, "/.."))
        return "";
    return strcmp(group + length, "/") ? group + length : "";
}

/* A line of mountinfo: ID PARENT DEVICE MOUNTED POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS. */
static uint32_t limit_at(char *line, const char *root, const char *group, bool v2, uint32_t most)
{
    char *rest = strstr(line, " - "), *save = NULL, *directory = NULL;
    char *field[5] = { strtok_r(line, " ", &save) };
    char *type, *options;

    for (int i = 1; i < 5; i++)
        field[i] = strtok_r(NULL, " ", &save);
    if (!rest || !field[4] || field[4] > rest)
        return most;
    type = strtok_r(rest + 3, " ", &save);
    strtok_r(NULL, " ", &save);
    options = strtok_r(NULL, " \n", &save);
    if (!options || strcmp(type, v2 ? "cgroup2" : "cgroup") || (!v2 && !has_word(options, "cpu")))
        return most;
    unescape(field[3]);
    unescape(field[4]);
    if (asprintf(&directory, "%s%s%s", root, field[4], group_below(group, field[3])) < 0)
        return most;
    most = limit_up(directory, strlen(root) + strlen(field[4]), v2, most);
    free(directory);
    return most;
}

static uint32_t limit_in(const char *root, bool v2, uint32_t most)
{
    char *path = NULL, *line = NULL, *group = group_read(root, v2);
    size_t size = 0;
    FILE *file = !group || asprintf(&path, "%s/proc/self/mountinfo", root) < 0 ? NULL : fopen(path, "re");

    while (file && getline(&line, &size, file) > 0)
        most = limit_at(line, root, group, v2, most);
    if (file)
        fclose(file);
    free(line);
    free(path);
    free(group);
    return most;
}

uint32_t prt_cgroup_cpus_(const char *root, uint32_t most)
{
    return limit_in(root, false, limit_in(root, true, most));
}
