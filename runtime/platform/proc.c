/* Linux keeps a line for each thread. */
#include "platform/proc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The letter behind the name, which stands in parentheses and may have any letters: R is a thread that wants a processor. */
static enum prt_thread_state state_of(const char *stat)
{
    const char *const name_end = strrchr(stat, ')');

    if (!name_end || name_end[1] != ' ')
        return PRT_THREAD_UNKNOWN;
    return name_end[2] == 'R' ? PRT_THREAD_AWAKE : PRT_THREAD_ASLEEP;
}

enum prt_thread_state prt_proc_look_(uint64_t task)
{
    char text[128]; /* the name has 15 letters at most */
    ssize_t size = 0;
    int fd;

    snprintf(text, sizeof text, "/proc/self/task/%" PRIu64 "/stat", task);
    fd = task > 0 ? open(text, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return PRT_THREAD_UNKNOWN;
    size = read(fd, text, sizeof text - 1);
    close(fd);
    text[size > 0 ? size : 0] = '\0';
    return state_of(text);
}
