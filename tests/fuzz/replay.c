/* Gives files to the fuzz target, whole and damaged.
 *
 *   replay [-n COUNT] FILE...     each file, then COUNT damaged copies of it (default 0), the same ones each time
 *
 * Where the target aborts, the copy it had is left in ./fuzz-crash.pipe.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *bytes; /* what the target has now */
static size_t len, room;

static void save(int signal_number)
{
    FILE *file = fopen("fuzz-crash.pipe", "wb");

    if (file) {
        fwrite(bytes, 1, len, file);
        fclose(file);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* xorshift: the same numbers everywhere. */
static uint32_t next_random(void)
{
    static uint32_t state = 2463534242;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static size_t below(size_t n)
{
    return n ? next_random() % n : 0;
}

/* Puts `with` in the place of `gone` bytes at `at`. Requires: at + gone <= len. */
static void replace(size_t at, size_t gone, const char *with, size_t n)
{
    if (len + n > room) {
        bytes = realloc(bytes, room = 2 * (len + n));
        if (!bytes)
            abort();
    }
    memmove(bytes + at + n, bytes + at + gone, len - at - gone);
    memcpy(bytes + at, with, n);
    len = len - gone + n;
}

/* Letters and words that mean something somewhere. */
static const char *const pieces[] = {
    "{", "}", "(", ")", "[", "]", ";", ",", "|", ">", "<-", "->", "=", "*", "..", "%{", "%}", "\"", "'", "//", "/*",
    "*/", "\\\n", "\n", "\r", "\r\n", "#", "\n#if 1\n", "<%", "%>", " ", "\t", "\x01", "\x80", "\xEF\xBB\xBF",
    "\xE2\x80\xAE", "0", "-1", "9223372036854775808", "1.5s", "5/s", "64K", "1/200ms", "auto", "stage ", "\nstage x ",
    "\nchannel int a[1];", "record r {", "test \"t\" {", "by (x)", "per (", "functions {", "state {", "init {", "final {",
    "flush every 1s {", "rate ", "bound ", "workers ", "on fail retry 3 then skip ", "pipeline p;",
    "param int p = 1;", "type t = char * drop free;", "include <a.h>;", "import \"x\";", "part p {", "type T;", "input channel T in[];", "output channel T out[];", " = p(n = 3);",
    "param bool test(in) = (in);", ": a", "T_drop(&x);", "rate r;", "bound b;", "\n//file x\n", "link \"m\";", "emit(x);",
    "emit(a, x);", "emit_ok(", "try_emit(", "take(x)", "status(1);", "interrupted()", "wait_for(0, 1, 5s)", "fail_after(5s, \"x\");", "remaining()", "fail(\"x\");", "stop();", "finish();", "self", "return;", "if (1) ",
    "else ", "for (;;) ", "case 1: ", "do ", "while (0);",
};

static void damage(void)
{
    const size_t at = below(len + 1), rest = len - at;
    const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
    char byte = (char)next_random(), copy[64];
    size_t n;

    switch (below(6)) {
    case 0: replace(at, 0, piece, strlen(piece)); break;
    case 1: replace(at, below(rest < 16 ? rest : 16), piece, strlen(piece)); break;
    case 2: replace(at, below(rest < 64 ? rest : 64), "", 0); break;
    case 3: replace(at, rest > 0, &byte, 1); break;
    case 4: len = at; break;
    default:
        n = below(rest < sizeof copy ? rest : sizeof copy);
        memcpy(copy, bytes + at, n);
        replace(below(len + 1), 0, copy, n);
    }
}

static void read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char part[4096];
    size_t n;

    if (!file) {
        perror(path);
        exit(1);
    }
    len = 0;
    while ((n = fread(part, 1, sizeof part, file)) > 0)
        replace(len, 0, part, n);
    fclose(file);
}

static void run_file(const char *path, unsigned long copies)
{
    read_file(path);
    LLVMFuzzerTestOneInput(bytes, len);
    for (unsigned long i = 0; i < copies; i++) {
        read_file(path);
        for (size_t n = 1 + below(4); n > 0; n--)
            damage();
        LLVMFuzzerTestOneInput(bytes, len);
    }
}

int main(int argc, char **argv)
{
    unsigned long copies = 0;
    int option;

    while ((option = getopt(argc, argv, "n:")) != -1) {
        if (option != 'n')
            return 2;
        copies = strtoul(optarg, NULL, 10);
    }
    bytes = malloc(room = 1 << 16);
    if (!bytes)
        return 1;
    signal(SIGABRT, save);
    signal(SIGSEGV, save);
    for (int i = optind; i < argc; i++)
        run_file(argv[i], copies);
    printf("%d files, %lu damaged copies of each\n", argc - optind, copies);
    free(bytes);
    return 0;
}
