/* The words of make's rules, the linker's lines, and a list of names. */
#include "build/reads.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/output.h"
#include "build/search.h"

#define LARGE (256 << 10) /* what is larger is not read again for each run */

/* ---- what is told ------------------------------------------------------------------------------------------------ */

/* It was written to since the start, so that nobody can say what was read of it. */
static bool is_newer(const struct stat *status, const struct timespec *start)
{
    return status->st_ctim.tv_sec > start->tv_sec
        || (status->st_ctim.tv_sec == start->tv_sec && status->st_ctim.tv_nsec > start->tv_nsec);
}

static bool is_within(const char *path, const char *directory)
{
    const size_t len = directory ? strlen(directory) : 0;

    return len > 0 && strncmp(path, directory, len) == 0 && path[len] == '/';
}

/* A name from the root, whatever directory it will be looked at from. A linker reads some files twice. */
static void add_path(struct words *words, const char *path)
{
    char *here = *path == '/' ? NULL : getcwd(NULL, 0);

    words_add(words, "%s%s%s", here ? here : "", here ? "/" : "", path);
    free(here);
    for (size_t i = 0; i + 1 < words->len; i++)
        if (strcmp(words->at[i], words->at[words->len - 1]) == 0) {
            words_drop_last(words);
            return;
        }
}

static void add_file(struct reads *reads, const struct cc_job *job, const char *path)
{
    struct stat status;

    /* The header that pipec wrote follows from the rest; the compiler's own temporary files are gone. */
    if (is_within(path, job->include) || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    reads->all = reads->all && !is_newer(&status, &reads->start);
    add_path(status.st_size > LARGE || strstr(path, ".so") ? &reads->identities : &reads->contents, path);
}

/* The next word of a rule for make, as the C compiler writes it: a backslash before a blank, a # or the end of a line,
 * $$ for $. False at the end. */
static bool next_word(FILE *from, char *word, size_t size)
{
    size_t len = 0;
    int letter;

    while ((letter = getc(from)) != EOF) {
        if (letter == '\\') {
            const int after = getc(from);

            if (after == '\n')
                letter = ' ';
            else if (after == ' ' || after == '#')
                letter = after | 0x100;
            else
                ungetc(after, from);
        } else if (letter == '$') {
            const int after = getc(from);

            if (after != '$')
                ungetc(after, from);
        }
        if (letter != ' ' && letter != '\n' && len + 1 < size)
            word[len++] = (char)letter;
        else if (len > 0)
            break;
    }
    word[len] = '\0';
    return len > 0;
}

/* Words of C whose effect no list of files shows: a question about a file that may not be there, and an assembler's
 * .incbin. */
static bool tells_all(const char *text, size_t len)
{
    static const char *const words[] = { "__has_include", "__has_embed", "__has_include_next", "incbin", "asm", "__asm",
                                         "__asm__" };

    for (size_t at = 0, end; at < len; at = end + (end == at)) {
        end = at;
        while (end < len && (isalnum((unsigned char)text[end]) || text[end] == '_'))
            end++;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (end - at == strlen(words[i]) && memcmp(text + at, words[i], end - at) == 0)
                return false;
    }
    return true;
}

static bool tell_all(const struct sources *sources)
{
    for (size_t i = 0; i < sources_count(sources); i++)
        if (!tells_all(sources_at(sources, i)->text, sources_at(sources, i)->len))
            return false;
    return true;
}

static bool file_tells_all(const char *path)
{
    FILE *file = fopen(path, "re");
    struct stat status;
    char *text = NULL;
    bool all = false;

    if (file && fstat(fileno(file), &status) == 0 && (text = malloc((size_t)status.st_size + 1)))
        all = tells_all(text, fread(text, 1, (size_t)status.st_size, file));
    free(text);
    if (file)
        fclose(file);
    return all;
}

/* The files that the C compiler names for the emitted C and for each .c file beside it. Those of the system, and the
 * runtime's, ask only about each other. */
static void take_rules(struct reads *reads, const struct cc_job *job, FILE *rules)
{
    char word[4096];
    bool some = false;

    while (next_word(rules, word, sizeof word)) {
        const size_t len = strlen(word);

        if (word[len - 1] == ':' || strcmp(word, "/dev/stdin") == 0)
            continue;
        some = true;
        reads->all = reads->all && (is_within(word, "/usr") || is_within(word, job->runtime) || file_tells_all(word));
        add_file(reads, job, word);
    }
    reads->all = reads->all && some;
}

/* Of another kind of input nothing is known beforehand. */
static bool knows_inputs(const struct words *inputs)
{
    for (size_t i = 0; i < inputs->len; i++)
        if (!word_ends_with(inputs->at[i], ".c") && !word_ends_with(inputs->at[i], ".o")
            && !word_ends_with(inputs->at[i], ".a") && !word_ends_with(inputs->at[i], ".so"))
            return false;
    return true;
}

/* The part of gcc that compiles; what stands on PATH is looked at anyway. */
static void take_compiler(struct reads *reads, const struct cc_job *job)
{
    char *path = cc_program(job, "cc1");

    if (path && *path == '/')
        words_add(&reads->identities, "%s", path);
    free(path);
}

FILE *reads_open(void)
{
    FILE *told = tmpfile();

    if (!told)
        fprintf(stderr, "pipec: cannot make a temporary file: %s\n", strerror(errno));
    return told;
}

void reads_sources(struct reads *reads, struct cc_job *job)
{
    FILE *rules = tmpfile();

    *reads = (struct reads){ .all = knows_inputs(&job->options->inputs) && tell_all(job->plan->sources) };
    clock_gettime(CLOCK_REALTIME_COARSE, &reads->start); /* what files get for their times */
    if (rules && cc_rules(job, rules))
        take_rules(reads, job, rules);
    else
        reads->all = false;
    if (rules)
        fclose(rules);
    if (reads->all)
        take_compiler(reads, job);
}

void reads_linked(struct reads *reads, const struct cc_job *job, FILE *told)
{
    char line[4096];
    bool some = false;

    rewind(told);
    while (fgets(line, sizeof line, told)) {
        char *end = line + strcspn(line, "\n");
        char *open;

        *end = '\0';
        open = strrchr(line, '('); /* a member of an archive */
        if (open && access(line, F_OK) != 0)
            *open = '\0';
        some = some || *line;
        add_file(reads, job, line);
    }
    reads->all = reads->all && some;
}

/* ---- as they are now --------------------------------------------------------------------------------------------- */

bool reads_hash(const struct reads *reads, const struct cc_job *job, struct hash *hash)
{
    bool read = true;

    for (size_t i = 0; i < reads->contents.len; i++) {
        hash_text(hash, reads->contents.at[i]);
        read = hash_contents(hash, reads->contents.at[i]) && read;
    }
    for (size_t i = 0; i < reads->identities.len; i++) {
        hash_text(hash, reads->identities.at[i]);
        read = hash_identity(hash, reads->identities.at[i]) && read;
    }
    search_hash(job, &reads->contents, hash);
    search_hash(job, &reads->identities, hash);
    return read;
}

/* ---- the list: names that end with a NUL, behind a letter for what is compared ------------------------------------ */

void reads_write(const struct reads *reads, const char *path)
{
    const struct words *const kinds[] = { &reads->contents, &reads->identities };
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    if (!to)
        return;
    for (size_t kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < kinds[kind]->len; i++)
            fprintf(to, "%c%s%c", "ci"[kind], kinds[kind]->at[i], '\0');
    if (fclose(to) == 0)
        output_write(path, text, len);
    free(text);
}

bool reads_load(struct reads *reads, const char *path)
{
    FILE *file = fopen(path, "re");
    char *name = NULL;
    size_t room = 0;
    ssize_t len;

    *reads = (struct reads){ .all = true };
    if (!file)
        return false;
    while ((len = getdelim(&name, &room, '\0', file)) > 0)
        if (len > 2 && name[len - 1] == '\0' && name[1] == '/')
            words_add(name[0] == 'c' ? &reads->contents : &reads->identities, "%s", name + 1);
        else
            reads->all = false;
    free(name);
    fclose(file);
    return reads->all && reads->contents.len > 0;
}

void reads_free(struct reads *reads)
{
    words_free(&reads->contents);
    words_free(&reads->identities);
}
