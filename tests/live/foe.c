/* What a process of the same user can do to who reads a live table, and to who writes it.
 *
 *   foe make SEED SECONDS [HOW]   has a table of its own and sleeps: a sound one with so many damaged bytes as the seed says.
 *                                 HOW: noise (all of it is), open (not sealed, and made shorter again and again), empty
 *   foe scribble PID SECONDS SEED writes anything anywhere into the table of PID
 *   foe punch PID SECONDS         takes its pages away, again and again
 *   foe knock PID SECONDS         knocks as fast as it can, and wants nothing
 *   foe want PID                  wants figures until the end of time
 *   foe waitv                     succeeds iff one may sleep on two words here (futex_waitv(2))
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sound.h"

static uint64_t state;

static uint64_t draw(uint64_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % n;
}

static void start(const char *seed)
{
    state = strtoull(seed, NULL, 10) * 2 + 88172645463325252;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int make(const char *seed, double seconds, const char *how)
{
    struct table table = sound((uint64_t)getpid());
    unsigned char *bytes = (unsigned char *)&table;
    const int fd = memfd_create(PRT_LIVE_NAME, MFD_ALLOW_SEALING);
    const double end = now() + seconds;

    start(seed);
    for (uint64_t i = 0, n = strcmp(how, "noise") ? draw(12) : sizeof table; i < n; i++)
        bytes[draw(sizeof table)] = (unsigned char)draw(256);
    if (strcmp(how, "empty") != 0 && write(fd, &table, sizeof table) != (ssize_t)sizeof table)
        return 1;
    if (strcmp(how, "open") != 0)
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    while (now() < end) {
        /* It answers: with damaged figures. */
        table.figures.at = (uint64_t)(now() * 1e9);
        table.head.sequence += 2;
        pwrite(fd, &table.head.sequence, sizeof table.head.sequence, offsetof(struct table, head.sequence));
        pwrite(fd, &table.figures.at, sizeof table.figures.at, offsetof(struct table, figures.at));
        if (strcmp(how, "open") == 0) {
            ftruncate(fd, (off_t)draw(sizeof table));
            pwrite(fd, &table, sizeof table, 0);
        }
        usleep(strcmp(how, "open") == 0 ? 10 : 10000);
    }
    return 0;
}

/* The table of the process; -1: it has none. */
static int table_of(const char *pid)
{
    char path[300], to[100];
    struct dirent *entry;
    DIR *dir;

    snprintf(path, sizeof path, "/proc/%s/fd", pid);
    dir = opendir(path);
    while (dir && (entry = readdir(dir))) {
        ssize_t n;

        snprintf(path, sizeof path, "/proc/%s/fd/%.20s", pid, entry->d_name);
        n = readlink(path, to, sizeof to - 1);
        to[n > 0 ? n : 0] = '\0';
        if (strstr(to, "memfd:" PRT_LIVE_NAME))
            return open(path, O_RDWR);
    }
    return -1;
}

static int scribble(int fd, double seconds)
{
    const double end = now() + seconds;
    uint64_t words = 0;

    while (now() < end) {
        const uint64_t word = draw(3) ? draw(UINT64_MAX) : draw(2) - 1;

        if (pwrite(fd, &word, sizeof word, (off_t)(draw((uint64_t)lseek(fd, 0, SEEK_END)) & ~(uint64_t)7)) < 0)
            return 1;
        words++;
    }
    printf("%llu words\n", (unsigned long long)words);
    return 0;
}

static int punch(int fd, double seconds)
{
    const double end = now() + seconds;

    while (now() < end)
        if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, lseek(fd, 0, SEEK_END)) != 0)
            return 1;
    return 0;
}

static int knock(int fd, double seconds)
{
    struct prt_live_head *head = mmap(NULL, sizeof *head, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    const double end = now() + seconds;

    while (now() < end) {
        __atomic_add_fetch(&head->knocks, 1, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, &head->knocks, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
    return 0;
}

static int want(int fd)
{
    const uint64_t for_ever = UINT64_MAX;

    return pwrite(fd, &for_ever, sizeof for_ever, offsetof(struct prt_live_head, wanted)) < 0 || knock(fd, 0.01);
}

/* Two words that have other values end it at once. */
static int waitv(void)
{
    static uint32_t word = 1;
    struct { uint64_t seen, at; uint32_t flags, reserved; } words[2] = { { 0, (uintptr_t)&word, 2, 0 }, { 0, (uintptr_t)&word, 2, 0 } };

    return syscall(449, words, 2, 0, NULL, 0) >= 0 || errno == EAGAIN ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    const double seconds = argc > 3 ? atof(argv[3]) : 0;
    int fd;

    if (argc == 2 && strcmp(argv[1], "waitv") == 0)
        return waitv();
    if (strcmp(what, "make") == 0)
        return make(argv[2], seconds, argc > 4 ? argv[4] : "");
    fd = argc > 2 ? table_of(argv[2]) : -1;
    if (fd < 0) {
        fputs("foe: no table\n", stderr);
        return 2;
    }
    start(argc > 4 ? argv[4] : "1");
    return strcmp(what, "scribble") == 0 ? scribble(fd, seconds)
           : strcmp(what, "punch") == 0  ? punch(fd, seconds)
           : strcmp(what, "knock") == 0  ? knock(fd, seconds)
           : strcmp(what, "want") == 0   ? want(fd)
                                         : 2;
}
