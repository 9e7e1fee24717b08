/* Finding programs, and reading their tables. A table is read by calls, not through a mapping: who made it may make it shorter at
 * any moment, and touching what is gone would end us.
 */
#include "live/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define WANTED_NS 2000000000u
#define TRIES 200 /* to read what is not being written meanwhile */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW)
#define PROGRAMS_MOST 10000

uint64_t live_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* ---- one table --------------------------------------------------------------------------------------------------- */

static bool read_all(int fd, unsigned char *bytes, size_t size)
{
    size_t have = 0;

    while (have < size) {
        const ssize_t n = pread(fd, bytes + have, size - have, (off_t)have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

/* A link may lead to anything, so what it leads to is asked: memory that nobody can make shorter. */
static bool is_table(int fd, size_t *size)
{
    struct stat stat;
    const int seals = fcntl(fd, F_GET_SEALS);

    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return false;
    if (stat.st_size < (off_t)sizeof(struct prt_live_head) || stat.st_size > (off_t)LIVE_BYTES_MOST)
        return false;
    *size = (size_t)stat.st_size;
    return true;
}

/* Of a process within containers the last of its numbers is the one that it knows. 0: not known. */
static uint64_t own_number(int process)
{
    char text[8192];
    const int fd = openat(process, "status", O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    char *line, *last;

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    line = strstr(text, "\nNSpid:");
    if (!line)
        return 0;
    line[1 + strcspn(line + 1, "\n")] = '\0';
    last = strrchr(line, '\t');
    return last ? strtoull(last, NULL, 10) : 0;
}

static void close_program(struct live_program *program)
{
    if (program->knocks)
        munmap(program->knocks, sizeof(struct prt_live_head));
    if (program->fd >= 0)
        close(program->fd);
    if (program->process >= 0)
        close(program->process);
    free(program->bytes);
    memory_free(program->memory);
}

/* Of the table's own process: others have it open too, to read it. */
static bool open_program(struct live_program *program, int process, const char *link, pid_t pid)
{
    const int fd = openat(process, link, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *program = (struct live_program){ .pid = pid, .process = -1, .fd = fd };
    snprintf(program->link, sizeof program->link, "%s", link);
    if (fd < 0 || !is_table(fd, &program->size))
        return false;
    program->bytes = malloc(program->size);
    program->memory = memory_new();
    if (!program->bytes || !program->memory || !read_all(fd, program->bytes, program->size))
        return false;
    program->graph = live_graph_read(program->memory, program->bytes, program->size);
    if (!program->graph || (program->graph->pid != (uint64_t)pid && program->graph->pid != own_number(process)))
        return false;
    program->before = live_sample_new(program->memory, program->graph);
    program->now = live_sample_new(program->memory, program->graph);
    program->spare = live_sample_new(program->memory, program->graph);
    program->process = fcntl(process, F_DUPFD_CLOEXEC, 0);
    program->knocks = mmap(NULL, sizeof(struct prt_live_head), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (program->knocks == MAP_FAILED)
        program->knocks = NULL;
    return program->process >= 0;
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static bool leads_to_table(int process, const char *link)
{
    static const char wanted[] = "/memfd:" PRT_LIVE_NAME;
    char to[64];
    const ssize_t n = readlinkat(process, link, to, sizeof to);

    return n >= (ssize_t)sizeof wanted - 1 && memcmp(to, wanted, sizeof wanted - 1) == 0 &&
           (n == (ssize_t)sizeof wanted - 1 || to[sizeof wanted - 1] == ' ');
}

static bool add_program(struct live_programs *programs, const struct live_program *program)
{
    struct live_program *more = programs->n < PROGRAMS_MOST ? realloc(programs->at, (programs->n + 1) * sizeof *more) : NULL;

    if (!more)
        return false;
    programs->at = more;
    programs->at[programs->n++] = *program;
    return true;
}

/* A process has one table for each pipeline that it runs. */
static void look_at_process(struct live_programs *programs, int process, pid_t pid)
{
    const int fds = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fds < 0 ? NULL : fdopendir(fds);
    const struct dirent *entry;

    if (fds >= 0 && !dir)
        close(fds);
    while (dir && (entry = readdir(dir))) {
        struct live_program program;
        char link[64];

        if (snprintf(link, sizeof link, "fd/%s", entry->d_name) >= (int)sizeof link || !leads_to_table(process, link))
            continue;
        if (!open_program(&program, process, link, pid) || !add_program(programs, &program))
            close_program(&program);
    }
    if (dir)
        closedir(dir);
}

/* 0: no process. */
static pid_t number_of(const char *name)
{
    char *end;
    const unsigned long n = strtoul(name, &end, 10);

    return *end || *name < '1' || *name > '9' || n > INT_MAX ? 0 : (pid_t)n;
}

static int by_pid(const void *a, const void *b)
{
    const struct live_program *one = a, *other = b;

    return (one->pid > other->pid) - (one->pid < other->pid);
}

struct live_programs live_find(pid_t only)
{
    struct live_programs programs = { NULL, 0 };
    DIR *proc = opendir("/proc");
    const struct dirent *entry;
    struct stat stat;

    while (proc && (entry = readdir(proc))) {
        const pid_t pid = number_of(entry->d_name);
        int process;

        if (pid == 0 || (only && pid != only))
            continue;
        process = openat(dirfd(proc), entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (process < 0)
            continue;
        if (fstat(process, &stat) == 0 && stat.st_uid == geteuid())
            look_at_process(&programs, process, pid);
        close(process);
    }
    if (proc)
        closedir(proc);
    if (programs.n > 1)
        qsort(programs.at, programs.n, sizeof *programs.at, by_pid);
    return programs;
}

void live_free(struct live_programs *programs)
{
    for (size_t i = 0; i < programs->n; i++)
        close_program(&programs->at[i]);
    free(programs->at);
    *programs = (struct live_programs){ NULL, 0 };
}

/* ---- figures ----------------------------------------------------------------------------------------------------- */

static bool write_word(int fd, const void *word, size_t size, size_t at)
{
    return pwrite(fd, word, size, (off_t)at) == (ssize_t)size;
}

/* Whether its process is gone, or has the table open no more: it runs another program now, or the run is over. */
bool live_is_over(const struct live_program *program)
{
    struct stat ours, theirs;

    return fstat(program->fd, &ours) != 0 || fstatat(program->process, program->link, &theirs, 0) != 0 ||
           ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino;
}

static bool read_word(int fd, void *word, size_t size, size_t at)
{
    return pread(fd, word, size, (off_t)at) == (ssize_t)size;
}

/* Another one may have asked for longer; but what lies too far ahead is nobody's wish. */
static bool push_wanted(const struct live_program *program)
{
    const uint64_t now = live_clock(), until = now + WANTED_NS;
    uint64_t wanted;

    if (!read_word(program->fd, &wanted, sizeof wanted, offsetof(struct prt_live_head, wanted)))
        return false;
    return (wanted >= until && wanted - now <= PRT_LIVE_AHEAD_NS) ||
           write_word(program->fd, &until, sizeof until, offsetof(struct prt_live_head, wanted));
}

/* The word changes after `wanted` has: who looks there before it sleeps sees one of the two. A value that nobody else stores: what
 * was read there and made one more might be what it was when the last knock was answered. */
bool live_want(const struct live_program *program)
{
    uint32_t knock;

    if (live_is_over(program) || !push_wanted(program))
        return false;
    knock = (uint32_t)live_clock();
    if (!write_word(program->fd, &knock, sizeof knock, offsetof(struct prt_live_head, knocks)))
        return false;
    if (program->knocks) /* the kernel looks there, we do not */
        syscall(SYS_futex, (char *)program->knocks + offsetof(struct prt_live_head, knocks), FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    return true;
}

static bool read_sequence(const struct live_program *program, uint64_t *sequence)
{
    const bool read = read_word(program->fd, sequence, sizeof *sequence, offsetof(struct prt_live_head, sequence));

    atomic_thread_fence(memory_order_seq_cst); /* what is read before and behind stays there */
    return read;
}

/* The bytes, of one copy. */
static bool read_whole(struct live_program *program)
{
    uint64_t before, after;

    for (int i = 0; i < TRIES; i++) {
        if (!read_sequence(program, &before) || !read_all(program->fd, program->bytes, program->size))
            return false;
        atomic_thread_fence(memory_order_seq_cst);
        if (!read_sequence(program, &after))
            return false;
        if (before == after && before % 2 == 0)
            return before > 0;
        sched_yield();
    }
    return false;
}

bool live_take(struct live_program *program)
{
    struct live_sample *sample = program->spare;

    if (!read_whole(program))
        return false;
    live_sample_read(sample, program->graph, program->bytes);
    if (sample->all.at == program->now->all.at)
        return false;
    program->spare = program->now;
    program->now = sample;
    return true;
}

void live_mark(struct live_program *program)
{
    const struct live_sample *now = program->now;
    struct live_sample *before = program->before;

    before->all = now->all;
    memcpy(before->stages, now->stages, program->graph->nstages * sizeof *now->stages);
    memcpy(before->channels, now->channels, program->graph->nchannels * sizeof *now->channels);
}

/* ---- figures of all ---------------------------------------------------------------------------------------------- */

#define GATHER_NS 2000000000u
#define PIECE_NS 20000000
#define LOOKS_LEAST 42

static void drop_ended(struct live_programs *programs)
{
    size_t n = 0;

    for (size_t i = 0; i < programs->n; i++)
        if (live_is_over(&programs->at[i]))
            close_program(&programs->at[i]);
        else
            programs->at[n++] = programs->at[i];
    programs->n = n;
}

/* Whether its samples are far enough apart, with looks enough between them for a verdict, however old the later is: it may be
 * others that are waited for. What it had copied before it was asked is old. */
static bool has_both(struct live_program *program, uint64_t asked, uint64_t apart)
{
    const struct prt_live_figures *before = &program->before->all, *now;

    if (live_take(program) && !program->answers && program->now->all.at >= asked) {
        live_mark(program);
        program->answers = true;
    }
    now = &program->now->all;
    return program->answers && now->at >= before->at + apart && now->looks >= before->looks + LOOKS_LEAST;
}

void live_gather(struct live_programs *programs, uint64_t apart)
{
    const uint64_t asked = live_clock();
    bool waits = true;

    for (size_t i = 0; i < programs->n; i++) {
        programs->at[i].answers = false;
        live_want(&programs->at[i]);
    }
    while (waits && live_clock() < asked + GATHER_NS) {
        nanosleep(&(struct timespec){ 0, PIECE_NS }, NULL);
        waits = false;
        drop_ended(programs);
        for (size_t i = 0; i < programs->n; i++)
            waits = !has_both(&programs->at[i], asked, apart) || waits;
    }
}
