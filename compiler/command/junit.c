/* A suite for each file. What XML cannot hold, and bytes that are no UTF-8, become U+FFFD.
 */
#include "command/junit.h"

#include <stdlib.h>
#include <string.h>

#include "text/glyph.h"

static void put_text(FILE *to, const char *text)
{
    const char *end = text + strlen(text);
    struct glyph glyph;

    for (; text < end; text += glyph.len) {
        glyph = glyph_read(text, end);
        if (*text == '&')
            fputs("&amp;", to);
        else if (*text == '<')
            fputs("&lt;", to);
        else if (*text == '>')
            fputs("&gt;", to);
        else if (*text == '"')
            fputs("&quot;", to);
        else if (*text == '\n' || *text == '\t' || *text == '\r')
            fprintf(to, "&#%d;", *text);
        else if (!glyph.is_utf8 || glyph.letter < ' ' || glyph.letter == 0xFFFE || glyph.letter == 0xFFFF)
            fputs("\xEF\xBF\xBD", to);
        else
            fwrite(text, 1, glyph.len, to);
    }
}

static void put_attribute(FILE *to, const char *name, const char *text)
{
    fprintf(to, " %s=\"", name);
    put_text(to, text);
    fputs("\"", to);
}

/* The first line of the text is the message. */
static void put_failure(FILE *to, const struct trial *trial)
{
    char *why = trial_why(trial);
    char *message = why ? strndup(why, strcspn(why, "\n")) : NULL;
    const char *word = trial->end == TRIAL_FAILED ? "failure" : "error";

    fprintf(to, "      <%s", word);
    put_attribute(to, "message", message ? message : "");
    fputs(">", to);
    put_text(to, why ? why : "");
    fprintf(to, "</%s>\n", word);
    free(message);
    free(why);
}

static void put_case(FILE *to, const struct trial *trial)
{
    fputs("    <testcase", to);
    put_attribute(to, "name", trial->title);
    put_attribute(to, "classname", trial->file);
    put_attribute(to, "file", trial->file);
    fprintf(to, " line=\"%u\" time=\"%.3f\">\n", trial->line, trial->seconds);
    if (trial->end != TRIAL_PASSED)
        put_failure(to, trial);
    if (trial->output && *trial->output) {
        fputs("      <system-out>", to);
        put_text(to, trial->output);
        fputs("</system-out>\n", to);
    }
    fputs("    </testcase>\n", to);
}

struct sums { size_t tests, failures, errors; double seconds; };

static struct sums sums_of(const struct trial *trials, size_t n)
{
    struct sums sums = { .tests = n };

    for (size_t i = 0; i < n; i++) {
        sums.failures += trials[i].end == TRIAL_FAILED;
        sums.errors += trials[i].end != TRIAL_FAILED && trials[i].end != TRIAL_PASSED;
        sums.seconds += trials[i].seconds;
    }
    return sums;
}

static void put_sums(FILE *to, struct sums sums)
{
    fprintf(to, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"0\" time=\"%.3f\">\n", sums.tests, sums.failures, sums.errors,
            sums.seconds);
}

/* Those of the file of the first; how many they are. */
static size_t put_suite(FILE *to, const struct trial *trials, size_t n)
{
    size_t len = 0;

    while (len < n && trials[len].options == trials[0].options && strcmp(trials[len].file, trials[0].file) == 0)
        len++;
    fputs("  <testsuite", to);
    put_attribute(to, "name", trials->file);
    put_sums(to, sums_of(trials, len));
    for (size_t i = 0; i < len; i++)
        put_case(to, &trials[i]);
    fputs("  </testsuite>\n", to);
    return len;
}

char *junit_text(const struct trial *trials, size_t n, size_t *len)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, len);

    if (!to)
        return NULL;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", to);
    put_sums(to, sums_of(trials, n));
    for (size_t i = 0; i < n;)
        i += put_suite(to, trials + i, n - i);
    fputs("</testsuites>\n", to);
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}
