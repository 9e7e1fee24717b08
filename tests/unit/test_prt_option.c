/* The command line of emitted programs: what the params become, what is said about a wrong option, how --help looks. */
#include <limits.h>
#include <prt/option.h>
#include <prt/platform.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

struct params {
    int jobs;
    long big;
    double ratio;
    bool verbose, color;
    const char *out_file;
    int64_t pause;
    size_t chunk;
    double speed;
    struct prt_operands files;
};

#define AT(field) .at = offsetof(struct params, field)

static const struct prt_param all[] = {
    { .name = "jobs", .doc = "how many jobs to send", .type = PRT_INT, AT(jobs), .value.i = 10, .ranged = true,
      .low.i = 1, .high.i = 100 },
    { .name = "big", .type = PRT_LONG, AT(big), .value.i = -1 },
    { .name = "ratio", .doc = "share of the items that are kept", .type = PRT_DOUBLE, AT(ratio), .value.d = 0.5,
      .ranged = true, .low.d = 0, .high.d = 1 },
    { .name = "verbose", .doc = "tell more", .type = PRT_BOOL, AT(verbose) },
    { .name = "color", .doc = "in color", .type = PRT_BOOL, AT(color), .value.b = true },
    { .name = "out_file", .doc = "where to write", .type = PRT_STRING, AT(out_file), .value.s = "a.txt" },
    { .name = "pause", .doc = "between two jobs; a doc that is long enough to be broken into several lines of help",
      .type = PRT_DURATION, AT(pause), .value.i = 250000000 },
    { .name = "chunk", .doc = "bytes read at once", .type = PRT_SIZE, AT(chunk), .value.u = 65536, .ranged = true,
      .low.u = 1, .high.u = SIZE_MAX },
    { .name = "speed", .doc = "jobs a second", .type = PRT_RATE, AT(speed), .value.d = 5 },
    { .name = "files", .doc = "read in turn; none: standard input", .type = PRT_OPERANDS, AT(files) },
};

static const char *const pools[] = { "twice", "fetch" };
static const char *const rates[] = { "api" };

static const struct prt_program program = {
    .name = "sample", .doc = "does many things", .params = all, .nparams = sizeof all / sizeof *all,
    .pools = pools, .npools = 2, .rates = rates, .nrates = 1,
};

static struct params params;
static struct prt_settings settings;
static char said[8192]; /* on standard output and error together */

/* Reads the options in `args`, which ends with NULL; what is printed goes to `said`. */
static int options_of(const struct prt_program *of, const char *const *args)
{
    const int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    FILE *const file = tmpfile();
    char *argv[32] = { (char *)"sample" };
    int argc = 1, status;
    size_t len;

    for (; *args; args++)
        argv[argc++] = (char *)*args;
    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    settings = (struct prt_settings){ 0 };
    status = prt_options(of, &params, &settings, argc, argv);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    rewind(file);
    len = fread(said, 1, sizeof said - 1, file);
    said[len] = '\0';
    fclose(file);
    close(out);
    close(err);
    return status;
}

#define OPTIONS(...) options_of(&program, (const char *const[]){ __VA_ARGS__, NULL })

/* The options are refused with exactly this message. */
#define REFUSED(message, ...)                                                              \
    do {                                                                                   \
        ck_assert_int_eq(OPTIONS(__VA_ARGS__), 2);                                         \
        ck_assert_str_eq(said, "sample: " message "\nTry 'sample --help'.\n");             \
    } while (0)

START_TEST(defaults)
{
    ck_assert_int_eq(options_of(&program, (const char *const[]){ NULL }), -1);
    ck_assert_int_eq(params.jobs, 10);
    ck_assert_int_eq(params.big, -1);
    ck_assert(params.ratio == 0.5);
    ck_assert(!params.verbose && params.color);
    ck_assert_str_eq(params.out_file, "a.txt");
    ck_assert_int_eq(params.pause, 250000000);
    ck_assert_uint_eq(params.chunk, 65536);
    ck_assert(params.speed == 5);
    ck_assert_uint_eq(params.files.len, 0);
    ck_assert_str_eq(said, "");
    ck_assert(settings.drain == 0 && !settings.stats && !settings.stats_json && settings.noverrides == 0);
}
END_TEST

START_TEST(values)
{
    ck_assert_int_eq(OPTIONS("--jobs=7", "--big", "-9", "--ratio=1e-1", "--verbose", "--no-color", "--out-file", "--x",
                             "--pause=1.5s", "--chunk=2M", "--speed=10K/s"), -1);
    ck_assert_int_eq(params.jobs, 7);
    ck_assert_int_eq(params.big, -9);
    ck_assert(params.ratio == 0.1);
    ck_assert(params.verbose && !params.color);
    ck_assert_str_eq(params.out_file, "--x");
    ck_assert_int_eq(params.pause, 1500000000);
    ck_assert_uint_eq(params.chunk, 2 << 20);
    ck_assert(params.speed == 10000);
    ck_assert_int_eq(OPTIONS("--out_file=b=c", "--verbose=false", "--color=true", "--jobs=0x10", "--jobs", "017"), -1);
    ck_assert_str_eq(params.out_file, "b=c");
    ck_assert(!params.verbose && params.color);
    ck_assert_int_eq(params.jobs, 17);
    ck_assert_int_eq(OPTIONS("--out-file="), -1);
    ck_assert_str_eq(params.out_file, "");
}
END_TEST

START_TEST(durations)
{
    static const struct { const char *text; int64_t ns; } cases[] = {
        { "0s", 0 }, { "1ns", 1 }, { "3us", 3000 }, { "250ms", 250000000 }, { "0.1s", 100000000 },
        { "1m", 60000000000 }, { "2h", 7200000000000 }, { "1d", 86400000000000 },
        { "9007199254740993ns", 9007199254740993 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(OPTIONS("--pause", cases[i].text), -1);
        ck_assert_int_eq(params.pause, cases[i].ns);
    }
}
END_TEST

START_TEST(sizes)
{
    static const struct { const char *text; size_t bytes; } cases[] = {
        { "1", 1 }, { "64K", 65536 }, { "1.5K", 1536 }, { "3G", (size_t)3 << 30 }, { "2T", (size_t)2 << 40 },
        { "9007199254740993", 9007199254740993 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(OPTIONS("--chunk", cases[i].text), -1);
        ck_assert_uint_eq(params.chunk, cases[i].bytes);
    }
}
END_TEST

START_TEST(rates_)
{
    static const struct { const char *text; double per_second; } cases[] = {
        { "5/s", 5 }, { "1/200ms", 5 }, { "10K/s", 10000 }, { "1/m", 1.0 / 60 }, { "0.5/s", 0.5 }, { "2M/1s", 2e6 },
        { "3/1.5s", 2 }, { "100/ms", 1e5 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(OPTIONS("--speed", cases[i].text), -1);
        ck_assert_double_eq_tol(params.speed, cases[i].per_second, cases[i].per_second * 1e-15);
    }
}
END_TEST

START_TEST(operands)
{
    ck_assert_int_eq(OPTIONS("one", "--jobs", "3", "-", "--", "--jobs", "--", "last"), -1);
    ck_assert_uint_eq(params.files.len, 5);
    ck_assert_str_eq(params.files.at[0], "one");
    ck_assert_str_eq(params.files.at[1], "-");
    ck_assert_str_eq(params.files.at[2], "--jobs");
    ck_assert_str_eq(params.files.at[3], "--");
    ck_assert_str_eq(params.files.at[4], "last");
    ck_assert_int_eq(params.jobs, 3);
    free((void *)params.files.at);
}
END_TEST

START_TEST(wrong_values)
{
    REFUSED("--jobs=ten: a whole number is wanted; allowed: 1..100", "--jobs=ten");
    REFUSED("--jobs=: a whole number is wanted; allowed: 1..100", "--jobs=");
    REFUSED("--jobs=5x: a whole number is wanted; allowed: 1..100", "--jobs", "5x");
    REFUSED("--jobs=0 is out of range; allowed: 1..100", "--jobs=0");
    REFUSED("--jobs=99999999999: the number does not fit; allowed: 1..100", "--jobs=99999999999");
    REFUSED("--big=9223372036854775808: the number does not fit", "--big=9223372036854775808");
    REFUSED("--big needs a value", "--big");
    REFUSED("--ratio=nan: a number is wanted; allowed: 0..1", "--ratio=nan");
    REFUSED("--ratio=1.5 is out of range; allowed: 0..1", "--ratio=1.5");
    REFUSED("--verbose=yes: true or false is wanted", "--verbose=yes");
    REFUSED("--no-verbose takes no value", "--no-verbose=true");
    REFUSED("--pause=5: a duration needs a unit (ns us ms s m h d), such as 250ms", "--pause=5");
    REFUSED("--pause=5min: a duration is wanted, such as 250ms; its units are ns us ms s m h d", "--pause=5min");
    REFUSED("--pause=-1s: a duration is wanted, such as 250ms", "--pause=-1s");
    REFUSED("--pause=300000d: the duration is too long", "--pause=300000d");
    REFUSED("--chunk=64KB: a size in bytes is wanted, such as 64K; its units are K M G T; allowed: from 1",
            "--chunk=64KB");
    REFUSED("--chunk=0.3K: the size is not a whole number of bytes; allowed: from 1", "--chunk=0.3K");
    REFUSED("--chunk=0 is out of range; allowed: from 1", "--chunk=0");
    REFUSED("--speed=5: a rate is wanted, such as 5/s, 10K/s or 1/200ms", "--speed=5");
    REFUSED("--speed=5/: a rate is wanted, such as 5/s, 10K/s or 1/200ms", "--speed=5/");
    REFUSED("--speed=0/s: a rate is above 0", "--speed=0/s");
}
END_TEST

START_TEST(unknown_options)
{
    REFUSED("there is no option --job; did you mean --jobs?", "--job=3");
    REFUSED("there is no option --outfile; did you mean --out-file?", "--outfile=x");
    REFUSED("there is no option --worker; did you mean --workers?", "--worker=x=1");
    REFUSED("there is no option --zzzzzzzz", "--zzzzzzzz");
    REFUSED("there is no option -j; options begin with --, and -- ends them", "-j");
    REFUSED("there is no option --no-jobs; did you mean --jobs?", "--no-jobs");
    REFUSED("there is no option --files", "--files=x");
}
END_TEST

START_TEST(required)
{
    static const struct prt_param list[] = {
        { .name = "url", .doc = "what to fetch", .type = PRT_STRING, .at = 0, .required = true },
    };
    static const struct prt_program needs = { .name = "needs", .params = list, .nparams = 1 };
    const char *url = NULL;
    char *argv[] = { (char *)"needs", (char *)"--url=x" };

    ck_assert_int_eq(options_of(&needs, (const char *const[]){ NULL }), 2);
    ck_assert_str_eq(said, "needs: --url is missing: what to fetch\nTry 'needs --help'.\n");
    ck_assert_int_eq(options_of(&needs, (const char *const[]){ "--url=x", "rest", NULL }), 2);
    ck_assert_str_eq(said, "needs: 'rest': options begin with --, and needs takes no other arguments\n"
                           "Try 'needs --help'.\n");
    ck_assert_int_eq(options_of(&needs, (const char *const[]){ "--rate=x=1/s", NULL }), 2);
    ck_assert_str_eq(said, "needs: --rate=x=1/s: nothing in this program can be named here\nTry 'needs --help'.\n");
    ck_assert_int_eq(prt_options(&needs, &url, &settings, 2, argv), -1);
    ck_assert_str_eq(url, "x");
}
END_TEST

START_TEST(processors)
{
    static const struct prt_param list[] = {
        { .name = "jobs", .type = PRT_INT, .at = 0, .processors = true },
        { .name = "most", .type = PRT_INT, .at = sizeof(int), .processors = true, .ranged = true, .high.i = 0 },
        { .name = "least", .type = PRT_INT, .at = 2 * sizeof(int), .processors = true, .ranged = true, .low.i = 100000,
          .high.i = 200000 },
    };
    static const struct prt_program shares = { .name = "shares", .params = list, .nparams = 3 };
    int numbers[3];
    char *argv[] = { (char *)"shares", (char *)"--least=150000" };

    ck_assert_int_eq(options_of(&shares, (const char *const[]){ "--help", NULL }), 0);
    ck_assert_ptr_nonnull(strstr(said, "(default the number of processors)"));
    ck_assert_ptr_nonnull(strstr(said, "(100000..200000; default the number of processors)"));
    ck_assert_int_eq(prt_options(&shares, numbers, &settings, 1, argv), -1);
    ck_assert_int_eq(numbers[0], (int)prt_cpus());
    ck_assert_int_eq(numbers[1], 0);
    ck_assert_int_eq(numbers[2], 100000);
    ck_assert_int_eq(prt_options(&shares, numbers, &settings, 2, argv), -1);
    ck_assert_int_eq(numbers[2], 150000);
}
END_TEST

START_TEST(overrides)
{
    ck_assert_int_eq(OPTIONS("--workers", "twice=3", "--rate=api=10/s", "--workers=fetch=50", "--workers=twice=4"), -1);
    ck_assert_uint_eq(settings.noverrides, 3);
    ck_assert_str_eq(settings.overrides[0].name, "twice");
    ck_assert_uint_eq(settings.overrides[0].workers, 4);
    ck_assert(!settings.overrides[0].is_rate);
    ck_assert_str_eq(settings.overrides[1].name, "api");
    ck_assert(settings.overrides[1].is_rate && settings.overrides[1].per_second == 10);
    ck_assert_str_eq(settings.overrides[2].name, "fetch");
    ck_assert_uint_eq(settings.overrides[2].workers, 50);
    free((void *)settings.overrides);
    REFUSED("--workers=twcie=3: there is no stage 'twcie' to set; did you mean 'twice'?", "--workers=twcie=3");
    REFUSED("--workers=other=3: there is no stage 'other' to set; one is 'twice'", "--workers=other=3");
    REFUSED("--workers=twice: a number is missing, as in --workers=twice=4", "--workers=twice");
    REFUSED("--workers=twice=0: a whole number is wanted; allowed: 1..100000", "--workers=twice=0");
    REFUSED("--workers=twice=100001: a whole number is wanted; allowed: 1..100000", "--workers=twice=100001");
    REFUSED("--rate=apo=1/s: there is no rate 'apo' to set; did you mean 'api'?", "--rate=apo=1/s");
    REFUSED("--rate=api=fast: a rate is wanted, such as 5/s, 10K/s or 1/200ms", "--rate=api=fast");
    REFUSED("--rate=api: a rate is missing, as in --rate=api=5/s", "--rate", "api");
}
END_TEST

START_TEST(common)
{
    ck_assert_int_eq(OPTIONS("--drain", "20s", "--stats"), -1);
    ck_assert_uint_eq(settings.drain, 20000000000);
    ck_assert(settings.stats && !settings.stats_json);
    ck_assert_int_eq(OPTIONS("--stats=json", "--drain=0s"), -1);
    ck_assert(settings.stats && settings.stats_json);
    ck_assert_uint_gt(settings.drain, 0);
    REFUSED("--stats=xml: json is the only other form", "--stats=xml");
    REFUSED("--drain=20: a duration needs a unit (ns us ms s m h d), such as 250ms", "--drain=20");
    REFUSED("--drain needs a value", "--drain");
    ck_assert_ptr_null(settings.failures);
    ck_assert_int_eq(OPTIONS("--failures", "left.json"), -1);
    ck_assert_str_eq(settings.failures, "left.json");
    REFUSED("--failures needs a value", "--failures");
    REFUSED("--help takes no value", "--help=all");
    REFUSED("--version takes no value", "--version=all");
}
END_TEST

static const char help[] =
    "Usage: sample [OPTION]... [FILES]...\n"
    "does many things\n"
    "\n"
    "  FILES                   read in turn; none: standard input\n"
    "\n"
    "Options:\n"
    "  --jobs=N                how many jobs to send (1..100; default 10)\n"
    "  --big=N                 (default -1)\n"
    "  --ratio=NUMBER          share of the items that are kept (0..1; default 0.5)\n"
    "  --verbose               tell more\n"
    "  --[no-]color            in color (default true)\n"
    "  --out-file=TEXT         where to write (default 'a.txt')\n"
    "  --pause=DURATION        between two jobs; a doc that is long enough to be\n"
    "                          broken into several lines of help (default 250ms)\n"
    "  --chunk=SIZE            bytes read at once (from 1; default 64K)\n"
    "  --speed=RATE            jobs a second (default 5/s)\n"
    "\n"
    "Options of every pipeline:\n"
    "  --workers=STAGE=N       how many workers a stage has: twice, fetch\n"
    "  --rate=NAME=RATE        how fast a rate lets bodies start: api\n"
    "  --drain=DURATION        after a signal or a stop, how long queued items may\n"
    "                          take before they are given up (default: no limit)\n"
    "  --stats[=json]          at the end, print to standard error what every stage\n"
    "                          and channel counted, and where the time went\n"
    "  --progress[=plain]      while it runs, show on standard error how far it is,\n"
    "                          if that is a terminal; plain: as lines, every few\n"
    "                          seconds\n"
    "  --failures=FILE         write every item that failed or was left out to FILE,\n"
    "                          as a line of JSON\n"
    "  --help                  print this help\n"
    "  --version               print which pipec the program was made with\n";

START_TEST(help_text)
{
    ck_assert_int_eq(OPTIONS("--jobs=3", "--help", "--nonsense"), 0);
    ck_assert_str_eq(said, help);
}
END_TEST

/* Each default is printed so that it reads back as itself. */
START_TEST(version)
{
    ck_assert_int_eq(OPTIONS("--jobs=3", "--version", "--nonsense"), 0);
    ck_assert_str_eq(said, "sample, made with pipec " PRT_VERSION "\n");
    ck_assert_int_eq(OPTIONS("--versio"), 2);
    ck_assert_ptr_nonnull(strstr(said, "did you mean --version?"));
}
END_TEST

START_TEST(help_defaults)
{
    static const struct { enum prt_param_type type; union prt_value value; const char *text; } cases[] = {
        { PRT_DURATION, { .i = 0 }, "0s" },          { PRT_DURATION, { .i = 90000000000 }, "90s" },
        { PRT_DURATION, { .i = 1001 }, "1001ns" },   { PRT_SIZE, { .u = 1000 }, "1000" },
        { PRT_SIZE, { .u = 1 << 30 }, "1G" },        { PRT_RATE, { .d = 1.0 / 60 }, "1/m" },
        { PRT_RATE, { .d = 100000 }, "100K/s" },     { PRT_RATE, { .d = 2.5 }, "150/m" },
        { PRT_RATE, { .d = 0.1 }, "6/m" },           { PRT_RATE, { .d = 1e9 / 7e9 }, "1/7s" },
        { PRT_DOUBLE, { .d = 0.1 }, "0.1" },         { PRT_DOUBLE, { .d = 1.0 / 3 }, "0.3333333333333333" },
        { PRT_STRING, { .s = "" }, "empty" },        { PRT_LONG, { .i = LONG_MIN }, "-9223372036854775808" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct prt_param param = { .name = "x", .type = cases[i].type, .value = cases[i].value };
        const struct prt_program one = { .name = "one", .params = &param, .nparams = 1 };
        char wanted[80];

        ck_assert_int_eq(options_of(&one, (const char *const[]){ "--help", NULL }), 0);
        snprintf(wanted, sizeof wanted, " (default %s)\n", cases[i].text);
        ck_assert_msg(strstr(said, wanted) != NULL, "no '%s' in:\n%s", wanted, said);
    }
}
END_TEST

START_TEST(help_on_a_full_disk)
{
    char *argv[] = { (char *)"sample", (char *)"--help" };

    ck_assert_ptr_nonnull(freopen("/dev/full", "w", stdout));
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    ck_assert_int_eq(prt_options(&program, &params, &settings, 2, argv), 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        defaults, values, durations, sizes, rates_, operands, wrong_values, unknown_options,
        required, processors, overrides, common, help_text, version, help_defaults, help_on_a_full_disk,
    };

    return unit_run_all("option", tests, sizeof tests / sizeof *tests);
}
