/* What happened, one line for each step: its number, the thread, the operation, the operand as the source writes it,
 * the value, the place. Printed while a schedule is replayed; else nothing is formatted.
 */
#include "engine.h"

#include <stdarg.h>
#include <stdio.h>

bool tracing;

enum { NAMES = 32 };

static struct {
    const void *at;
    uint64_t size;
    const char *name;
} names[NAMES];
static unsigned nnames;

void trace_names_forget(void)
{
    nnames = 0;
}

void sched_name(const void *at, uint64_t size, const char *name)
{
    if (nnames < NAMES) {
        names[nnames].at = at;
        names[nnames].size = size;
        names[nnames++].name = name;
    }
}

static const char *name_of(const void *at)
{
    for (unsigned i = nnames; i > 0; i--)
        if ((uintptr_t)at - (uintptr_t)names[i - 1].at < names[i - 1].size)
            return names[i - 1].name;
    return NULL;
}

static const char *base_name(const char *file)
{
    const char *const slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

static const char *operand(const struct sched_site *site)
{
    return site->text[0] == '&' ? site->text + 1 : site->text;
}

static void print_value(uint64_t value)
{
    if (value == UINT64_MAX)
        printf(" = never");
    else if (value > 0xffffff)
        printf(" = 0x%llx", (unsigned long long)value);
    else
        printf(" = %llu", (unsigned long long)value);
}

void trace_op(const struct sched_site *site, const char *op, const void *at, uint64_t value, const char *more)
{
    const struct thread *const self = world.self;
    const char *name;

    if (!tracing)
        return;
    name = at ? name_of(at) : NULL;
    printf("%6llu  T%u %-12.12s %*s%-14s %s%s%s", (unsigned long long)world.ops, self->id, self->name,
           2 * (int)self->id, "", op, name ? name : "", name ? ": " : "", operand(site));
    if (at)
        print_value(value);
    printf("%s   %s:%d\n", more, base_name(site->file), site->line);
}

void trace_note(const char *format, ...)
{
    va_list args;

    if (!tracing)
        return;
    printf("        ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static const char *state_text(const struct thread *thread)
{
    static const char *const waits[] = { "", "waits on", "waits for the lock", "waits for the event", "joins", "sleeps",
                                         "waits for the world outside" };

    switch (thread->state) {
    case BLOCKED:
        return waits[thread->wait];
    case DONE:
        return "done";
    default:
        return thread->yielded ? "looks again and again at" : "about to";
    }
}

void trace_state(void)
{
    for (unsigned i = 0; i < world.nthreads; i++) {
        const struct thread *const thread = &world.threads[i];
        const struct sched_site *const site = thread->site;

        printf("    T%u %-12s %s", i, thread->name, state_text(thread));
        if (thread->state != DONE && site) {
            const char *const name = thread->state == BLOCKED && thread->on ? name_of(thread->on) : NULL;

            if (thread->state != BLOCKED)
                printf(" %s", thread->doing);
            printf(" %s%s%s (%s:%d)", name ? name : "", name ? ": " : "", operand(site), base_name(site->file),
                   site->line);
        }
        if (thread->nbuffer > 0)
            printf(", %u stores delayed", thread->nbuffer);
        putchar('\n');
    }
}
