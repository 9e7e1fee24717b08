/* By the first letters that C, POSIX and the runtime keep for themselves, and by name. */
#include "facts/libc.h"

#include <stddef.h>
#include <string.h>

#include "facts/ctoken.h"

bool libc_has(const char *word)
{
    static const char *const begins[] = { "str", "mem", "wcs", "pthread_", "atomic_", "mtx_", "cnd_", "thrd_", "prt_" };
    static const char *const words[] = {
        "abort", "assert", "clock_gettime", "clock_nanosleep", "close", "exit", "fclose", "fflush", "fgets", "flockfile",
        "fprintf", "fputc", "fputs", "fread", "free", "fseek", "fsync", "funlockfile", "fwrite", "getline", "nanosleep",
        "perror", "printf", "putc", "putchar", "puts", "qsort", "read", "remove", "rename", "rewind", "sched_yield",
        "sem_post", "sem_wait", "setvbuf", "sleep", "snprintf", "sprintf", "srand", "sscanf", "system", "ungetc", "unlink",
        "usleep", "va_copy", "va_end", "va_start", "vfprintf", "vprintf", "vsnprintf", "write", NULL };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(word, begins[i], strlen(begins[i])) == 0)
            return true;
    return word_is_one_of(word, words);
}
