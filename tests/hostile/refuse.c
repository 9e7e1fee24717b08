/* refuse CALL... -- COMMAND...: runs the command with these system calls refused, as a container's filter does (EPERM). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 8

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
    { "membarrier", SYS_membarrier },
    { "sched_getaffinity", SYS_sched_getaffinity },
    { "prctl", SYS_prctl },
    { "futex_waitv", 449 }, /* on all machines; older headers have no name for it */
};

static int find(const char *name)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (!strcmp(calls[i].name, name))
            return (int)calls[i].number;
    return -1;
}

int main(int argc, char **argv)
{
    struct sock_filter filter[2 * MOST + 2];
    struct sock_fprog program = { .filter = filter };
    int at = 1;

    filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
        const int number = find(argv[at]);

        if (number < 0 || at > MOST) {
            fprintf(stderr, "refuse: cannot refuse %s\n", argv[at]);
            return 2;
        }
        filter[program.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
        filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    if (at + 1 >= argc) {
        fputs("usage: refuse CALL... -- COMMAND...\n", stderr);
        return 2;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("refuse");
        return 3;
    }
    execv(argv[at + 1], argv + at + 1);
    perror(argv[at + 1]);
    return 127;
}
