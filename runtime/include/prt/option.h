/* The command line of an emitted program: its params as options, and the runtime's own options. */
#ifndef PRT_OPTION_H
#define PRT_OPTION_H

#include <prt/run.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prt_param_type {
    PRT_INT,      /* int */
    PRT_LONG,     /* long */
    PRT_DOUBLE,   /* double */
    PRT_BOOL,     /* bool */
    PRT_STRING,   /* const char * */
    PRT_DURATION, /* int64_t, ns */
    PRT_SIZE,     /* size_t, bytes */
    PRT_RATE,     /* double, per second */
    PRT_OPERANDS  /* struct prt_operands */
};

/* A `param string NAME[]`: the operands of the command line. */
struct prt_operands {
    const char *const *at;
    size_t len;
};

static inline const char *const *prt_operands_list(struct prt_operands operands)
{
    return operands.at;
}

static inline size_t prt_operands_count(struct prt_operands operands)
{
    return operands.len;
}

union prt_value {
    int64_t i;     /* PRT_INT, PRT_LONG, PRT_DURATION */
    uint64_t u;    /* PRT_SIZE */
    double d;      /* PRT_DOUBLE, PRT_RATE */
    bool b;        /* PRT_BOOL */
    const char *s; /* PRT_STRING */
};

struct prt_param {
    const char *name; /* as written in the .pipe file; the option has - for _ */
    const char *doc;  /* may be NULL */
    enum prt_param_type type;
    size_t at;        /* offset in the params structure */
    bool required;    /* no default */
    bool processors;  /* PRT_INT: the default is the number of processors, as near as low and high let it come */
    bool ranged;      /* low and high hold */
    union prt_value value, low, high;
};

/* Of pipec and its runtime, which are made together; what --version prints. */
#define PRT_VERSION "0.1.0"

/* What --help, --workers and --rate need to know before anything is built. */
struct prt_program {
    const char *name;
    const char *doc;                   /* may be NULL */
    uint64_t drain;                    /* ns that a drain may last unless --drain says otherwise; 0: no limit */
    const struct prt_param *drain_from; /* or the one of the params, a PRT_DURATION, that says it; NULL: none does */
    const struct prt_param *params;    /* in the order of the .pipe file */
    size_t nparams;
    const char *const *pools;          /* stages that `--workers STAGE=N` may name */
    size_t npools;
    const char *const *rates;          /* rates that `--rate NAME=R` may name: named ones, and `STAGE` for an anonymous one */
    size_t nrates;
};

/* prt_options() fills `params` and `settings` from the command line. Returns -1 when the program is to go on; else the
 * exit status: 0 after --help or --version, 1 where they could not be printed, 2 after a usage error, which it has explained
 * on standard error. Call it once, from main, before prt_run_new(). What it allocates lives until the process ends. */
int prt_options(const struct prt_program *program, void *params, struct prt_settings *settings, int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
