/* The C, its names, and a started C compiler.
 */
#include "build/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "build/identity.h"
#include "build/reads.h"
#include "emit/emit.h"
#include "text/memory.h"

static bool has_c_inputs(const struct cc_options *options)
{
    for (size_t i = 0; i < options->inputs.len; i++)
        if (word_ends_with(options->inputs.at[i], ".c"))
            return true;
    return false;
}

/* Bodies in .c files include the header that `pipec emit -H STEM.h` writes; here they find one of this moment. */
static bool write_header(struct build *build)
{
    const struct emit_options emit = { .header = build->header_name };
    size_t len;
    char *text = emit_header(build->plan, &emit, &len);
    bool written = text && output_folder_make(&build->folder, build->header_name, text, len);

    free(text);
    build->job.include = build->folder.path;
    return written;
}

static bool emit(struct build *build)
{
    const struct emit_options options = { .path = build->job.name, .shared = has_c_inputs(build->options),
                                          .standalone = build->options->sanitize != NULL };

    build->job.text = build->text = emit_source(build->plan, &options, &build->job.len);
    return build->text || memory_short();
}

bool build_start(struct build *build, const struct plan *plan, const struct cc_options *options, const char *stem)
{
    const char *c_name = memory_format(plan->memory, "%s.c", stem);

    *build = (struct build){ .plan = plan, .options = options, .header_name = memory_format(plan->memory, "%s.h", stem),
                             .job = { .plan = plan, .options = options, .name = c_name } };
    return emit(build) && (!has_c_inputs(options) || write_header(build))
        && cc_prepare(&build->job);
}

bool build_compile(struct build *build, const struct output_file *file, FILE *told)
{
    if (!cc_run(&build->job, file->temporary, told))
        return false;
    if (output_is_program(file))
        return true;
    fprintf(stderr, "pipec: %s ended without an error, but wrote no program\n"
                    "  hint: CC and CFLAGS must let it compile, link and write to its -o\n",
            build->job.words.at[0]);
    return false;
}

static bool is_apart(const char *output, const struct words *files)
{
    const char *one, *other;

    for (size_t i = 0; i < files->len; i++)
        if (file_clash((struct file_use[]){ { output, true }, { files->at[i], false } }, 2, &one, &other)) {
            fprintf(stderr, "pipec: writing %s would overwrite %s, which the C compiler has read\n", one, other);
            return false;
        }
    return true;
}

/* Builds where `output` is a file that is no program: it may be one that goes into this program, a header or a library. */
static bool compile_apart(struct build *build, const struct output_file *file, const char *output)
{
    FILE *told = reads_open();
    struct reads reads;
    bool apart;

    if (!told)
        return false;
    reads_sources(&reads, &build->job);
    apart = build_compile(build, file, told);
    if (apart) {
        reads_linked(&reads, &build->job, told);
        apart = is_apart(output, &reads.contents) && is_apart(output, &reads.identities);
    }
    reads_free(&reads);
    fclose(told);
    return apart;
}

bool build_finish(struct build *build, const char *output)
{
    struct output_file file;
    bool built;

    if (!output_begin(&file, output))
        return false;
    if (access(output, F_OK) == 0 && access(output, X_OK) != 0)
        built = compile_apart(build, &file, output);
    else
        built = build_compile(build, &file, NULL);
    if (built)
        return output_commit(&file);
    output_abandon(&file);
    return false;
}

void build_free(struct build *build)
{
    cc_job_free(&build->job);
    output_folder_remove(&build->folder);
    free(build->text);
}
