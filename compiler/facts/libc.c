/* By the first letters that C, POSIX and the runtime keep for themselves, and by name. */
#include "facts/libc.h"

#include <stddef.h>
#include <string.h>

#include "text/ctoken.h"

bool libc_has(const char *word)
{
    static const char *const begins[] = { "str", "mem", "wcs", "pthread_", "atomic_", "mtx_", "cnd_", "thrd_", "sem_", "clock_",
                                          "sig", "epoll_", "timerfd_", "eventfd_", "prt_" };
    static const char *const words[] = {
        "abort", "accept", "access", "alarm", "aligned_alloc", "asprintf", "assert", "atexit", "bind", "bsearch",
        "calloc", "chdir", "chmod", "close", "closedir", "connect", "copy_file_range", "creat", "dprintf", "dup",
        "dup2", "err", "errx", "execve", "execvp", "exit", "fchmod", "fclose", "fcntl", "fdatasync", "fdopen",
        "feof", "ferror", "fflush", "fgetc", "fgets", "fileno", "flock", "flockfile", "fopen", "fork", "fprintf",
        "fputc", "fputs", "fread", "free", "freeaddrinfo", "freopen", "fscanf", "fseek", "fseeko", "fstat", "fsync",
        "ftell", "ftruncate", "funlockfile", "fwrite", "getaddrinfo", "getc", "getchar", "getdelim", "getenv",
        "getline", "getpid", "getrandom", "gettimeofday", "gmtime_r", "ioctl", "kill", "listen", "localtime",
        "localtime_r", "lseek", "lstat", "malloc", "mkdir", "mkdtemp", "mkfifo", "mkstemp", "mktime", "mmap",
        "mprotect", "msync", "munmap", "nanosleep", "open", "openat", "opendir", "pause", "pclose", "perror", "pipe",
        "pipe2", "poll", "popen", "posix_memalign", "posix_spawn", "ppoll", "pread", "printf", "putc", "putchar",
        "puts", "pwrite", "qsort", "raise", "rand", "rand_r", "read", "readdir", "readlink", "readv", "realloc",
        "realpath", "recv", "recvfrom", "recvmsg", "remove", "rename", "rewind", "rmdir", "scanf", "sched_yield",
        "select", "send", "sendfile", "sendmsg", "sendto", "setenv", "setlocale", "setsockopt", "setvbuf",
        "shutdown", "sleep", "snprintf", "socket", "socketpair", "sprintf", "srand", "sscanf", "stat", "symlink",
        "syslog", "system", "time", "timegm", "tmpfile", "truncate", "umask", "ungetc", "unlink", "usleep",
        "utimensat", "va_copy", "va_end", "va_start", "vasprintf", "vfprintf", "vprintf", "vsnprintf", "wait",
        "waitid", "waitpid", "warn", "warnx", "write", "writev", NULL };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(word, begins[i], strlen(begins[i])) == 0)
            return true;
    return word_is_one_of(word, words);
}
