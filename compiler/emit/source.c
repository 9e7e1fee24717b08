/* The order of the emitted file: what the .pipe file declares, in its order; then wiring, options and main.
 *
 * Where a header is wanted, it holds what C files beside the pipeline need: the declarations before the first stage,
 * the params, and each stage's structure with its emit helpers. The source then includes it and has the rest.
 */
#include "emit/emit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit/code.h"
#include "emit/instance.h"
#include "emit/items.h"
#include "emit/param.h"
#include "emit/pipeline.h"
#include "emit/printer.h"
#include "emit/program.h"
#include "emit/record.h"
#include "emit/size.h"
#include "emit/stage.h"
#include "emit/text.h"
#include "emit/wire.h"
#include "runtime_text.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

/* ---- the first lines --------------------------------------------------------------------------------------------- */

static void emit_first_comment(struct emit *emit)
{
    const char *line = emit->plan->drawing;

    emit_put(emit, "/* Emitted by pipec " PIPEC_VERSION " from %s; edit that file instead.\n",
             text_comment(emit, emit->pipe_path));
    for (size_t len; *line; line += len + (line[len] == '\n')) {
        if (line == emit->plan->drawing)
            emit_put(emit, " *\n");
        len = strcspn(line, "\n");
        emit_put(emit, len ? " *     %s\n" : " *%s\n", text_comment(emit, text_format(emit, "%.*s", (int)len, line)));
    }
    emit_put(emit, " */\n");
}

static void emit_gnu_source(struct emit *emit)
{
    emit_put(emit, "#ifndef _GNU_SOURCE\n"
                   "#define _GNU_SOURCE\n"
                   "#endif\n");
}

/* Whether a letter can be written as JSON. */
static bool has_letters(const struct plan *plan)
{
    for (size_t i = 0; i < plan->nchannels; i++)
        if (plan->channels[i].letters && plan->channels[i].lost_kind != FIELD_UNKNOWN)
            return true;
    return false;
}

/* C files beside the pipeline may call all that there is of a record. */
static const char *record_header(const struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (plan->test)
        return plan->forms ? "#include <prt/form.h>\n#include <prt/test.h>\n"
                           : "#include <prt/record.h>\n#include <prt/test.h>\n";
    if (plan->forms || (emit->options->header && (plan->nrecords > 0 || has_letters(plan))))
        return "#include <prt/form.h>\n";
    return plan->nrecords > 0 ? "#include <prt/record.h>\n" : "";
}

/* A test compares its items as fields of records. */
static bool needs_records(const struct plan *plan)
{
    return plan->nrecords > 0 || plan->forms || plan->test;
}

static void emit_runtime(struct emit *emit)
{
    if (!emit->options->standalone) {
        emit_put(emit, "#include <prt/prt.h>\n%s", record_header(emit));
        return;
    }
    emit_heading(emit, "the runtime of pipec " PIPEC_VERSION);
    emit_put(emit, "\n");
    for (size_t i = 0; i < sizeof runtime_text / sizeof *runtime_text; i++)
        emit_bytes(emit, runtime_text[i], strlen(runtime_text[i]));
    for (size_t i = 0; i < sizeof linux_text / sizeof *linux_text && !emit->plan->test; i++)
        emit_bytes(emit, linux_text[i], strlen(linux_text[i]));
    for (size_t i = 0; i < sizeof record_text / sizeof *record_text && needs_records(emit->plan); i++)
        emit_bytes(emit, record_text[i], strlen(record_text[i]));
    for (size_t i = 0; i < sizeof form_text / sizeof *form_text && emit->plan->forms; i++)
        emit_bytes(emit, form_text[i], strlen(form_text[i]));
    for (size_t i = 0; i < sizeof test_text / sizeof *test_text && emit->plan->test; i++)
        emit_bytes(emit, test_text[i], strlen(test_text[i]));
    emit_heading(emit, "the pipeline");
}

/* A header of the runtime that is read again at its place; `lines` is its text. */
static void emit_runtime_header(struct emit *emit, const char *name, const char *const *lines, size_t len)
{
    if (!emit->options->standalone)
        emit_put(emit, "#include <prt/%s>\n", name);
    for (size_t i = 0; i < len && emit->options->standalone; i++)
        emit_bytes(emit, lines[i], strlen(lines[i]));
}

/* ---- declarations ------------------------------------------------------------------------------------------------ */

static size_t first_stage(const struct emit *emit)
{
    size_t i = 0;

    while (i < emit->plan->npieces && emit->plan->pieces[i].kind != PIECE_STAGE
           && emit->plan->pieces[i].kind != PIECE_INSTANCE)
        i++;
    return i;
}

static bool is_type(const struct planned_piece *piece)
{
    return piece->kind == PIECE_TYPE || piece->kind == PIECE_RECORD;
}

/* Includes and types in a row stand together. Where the author's text ends the C compiler still counts lines of the
 * .pipe file, in which the next piece may go on. */
static void emit_piece(struct emit *emit, const struct planned_piece *piece)
{
    if (!piece->joined || piece->kind == PIECE_PROLOGUE || piece->kind == PIECE_RECORD)
        emit_put(emit, "\n");
    switch (piece->kind) {
    case PIECE_INCLUDE:
        emit_line_of(emit, piece->span.start);
        emit_put(emit, "#include %s\n", piece->header);
        break;
    case PIECE_PROLOGUE: emit_text(emit, piece->code, 0, ""); break;
    case PIECE_TYPE: emit_typedef(emit, piece->type); break;
    case PIECE_RECORD: emit_record(emit, piece->record); break;
    case PIECE_INSTANCE:
    case PIECE_STAGE: break;
    }
}

/* No macro of what the author includes and writes may be called like what stands between his bodies. */
static void emit_words(struct emit *emit)
{
    emit_runtime_header(emit, "words.h", words_text, sizeof words_text / sizeof *words_text);
}

/* What stands before the first stage, which C files beside the pipeline may need too, and types wherever they stand. */
static void emit_outer(struct emit *emit)
{
    const size_t first = first_stage(emit);
    bool text = false; /* there is C of the author's */

    for (size_t i = 0; i < emit->plan->npieces; i++) {
        const struct planned_piece *piece = &emit->plan->pieces[i];

        if (i >= first && !is_type(piece))
            continue;
        if (piece->kind == PIECE_RECORD && text) {
            emit_words(emit);
            text = false;
        }
        emit_piece(emit, piece);
        text |= !is_type(piece);
    }
    if (text)
        emit_words(emit);
    emit_line_here(emit);
}

static void emit_params_section(struct emit *emit)
{
    if (emit->plan->nparams == 0)
        return;
    emit_heading(emit, "params");
    emit_put(emit, "\n");
    emit_params_struct(emit);
}

static void emit_pipeline_section(struct emit *emit)
{
    emit_heading(emit, "the pipeline");
    emit_pipeline_struct(emit);
}

static bool has_lines(const struct planned_stage *stage)
{
    const struct body *const bodies[] = { stage->body, stage->state, stage->init, stage->final, stage->flush };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i] && bodies[i]->has_lines)
            return true;
    for (const struct function *function = stage->functions ? stage->functions->first : NULL; function;
         function = function->next)
        if (function->body->has_lines)
            return true;
    return false;
}

/* What a body defines holds for what follows. */
static void emit_words_after(struct emit *emit, const struct planned_stage *stage)
{
    if (!has_lines(stage))
        return;
    emit_put(emit, "\n");
    emit_line_of(emit, stage->span.start);
    emit_words(emit);
    emit_line_here(emit);
}

/* The stages, with the includes and prologues that stand between them. `structs`: no header has the structures. */
static void emit_stages(struct emit *emit, bool structs)
{
    bool text = false; /* there is C of the author's in which words are still to be looked at */

    emit_heading(emit, "stages");
    for (size_t i = first_stage(emit); i < emit->plan->npieces; i++) {
        const struct planned_piece *piece = &emit->plan->pieces[i];

        if (piece->kind == PIECE_STAGE) {
            if (text)
                emit_words(emit);
            emit_line_here(emit);
            if (structs && piece->declares)
                emit_stage_structs(emit, piece->declares);
            emit_stage(emit, piece->stage);
            emit_words_after(emit, piece->stage);
            text = false;
        } else if (piece->kind == PIECE_INSTANCE) {
            if (text)
                emit_words(emit);
            emit_instance(emit, piece->instance);
            text = false;
        } else if (!is_type(piece)) {
            emit_piece(emit, piece);
            text = true;
        }
    }
    emit_line_here(emit);
}

static void emit_last(struct emit *emit)
{
    emit_heading(emit, "wiring");
    emit_put(emit, "\n");
    emit_runtime_header(emit, "wiring.h", wiring_text, sizeof wiring_text / sizeof *wiring_text);
    emit_sizes(emit);
    emit_wiring(emit);
    emit_heading(emit, "the program");
    if (emit->plan->nparams > 0) {
        emit_put(emit, "\n");
        emit_options(emit);
    }
    emit_program(emit);
    emit_main(emit);
}

static void emit_file(struct emit *emit)
{
    emit_first_comment(emit);
    emit_gnu_source(emit);
    if (emit->options->header) {
        emit_put(emit, "#include %s\n", text_string(emit, emit->options->header));
        emit_items(emit);
    } else {
        emit_runtime(emit);
        emit_outer(emit);
        emit_letters(emit);
        emit_items(emit);
        emit_params_section(emit);
        emit_pipeline_section(emit);
    }
    emit_pipeline_sections(emit);
    emit_stages(emit, !emit->options->header);
    emit_all_sections(emit);
    emit_last(emit);
}

/* ---- the header -------------------------------------------------------------------------------------------------- */

/* "thumbs.h" is guarded by THUMBS_PIPE_H: the runtime's headers, and the author's, have guards without PIPE. */
static const char *guard_text(struct emit *emit)
{
    const size_t len = strlen(emit->path);
    const bool dot = len > 2 && !strcmp(emit->path + len - 2, ".h");
    char *guard = obstack_copy0(&emit->memory, emit->path, dot ? len - 2 : len);

    for (char *at = guard; *at; at++)
        *at = isalnum((unsigned char)*at) ? (char)toupper((unsigned char)*at) : '_';
    return text_format(emit, "%s%s_PIPE_H", isdigit((unsigned char)*guard) ? "H_" : "", guard);
}

static void emit_declarations(struct emit *emit)
{
    const char *guard = guard_text(emit);

    emit_put(emit, "/* Emitted by pipec " PIPEC_VERSION " from %s: what C files beside the pipeline see of it. */\n"
                   "#ifndef %s\n"
                   "#define %s\n"
                   "\n"
                   "#include <prt/prt.h>\n"
                   "%s", text_comment(emit, emit->pipe_path), guard, guard,
             record_header(emit));
    emit_outer(emit);
    emit_letters(emit);
    emit_put(emit, "\n"
                   "#ifdef __cplusplus\n"
                   "extern \"C\" {\n"
                   "#endif\n");
    emit_params_section(emit);
    emit_pipeline_section(emit);
    emit_heading(emit, "stages");
    for (size_t i = 0; i < emit->plan->nstages; i++)
        emit_stage_structs(emit, &emit->plan->stages[i]);
    emit_put(emit, "\n"
                   "#ifdef __cplusplus\n"
                   "}\n"
                   "#endif\n"
                   "\n"
                   "#endif\n");
}

/* ---- in memory --------------------------------------------------------------------------------------------------- */

static char *emit_to_memory(const struct plan *plan, const struct emit_options *options, const char *path,
                            void (*write)(struct emit *emit), size_t *len)
{
    struct emit emit = {
        .plan = plan, .options = options, .path = path, .pipe_path = plan->source->path,
        .name = plan->name, .stage = "", .line = 1, .way = "self->pipe" };
    char *text = NULL;

    emit.to = open_memstream(&text, len);
    if (!emit.to)
        return NULL;
    obstack_init(&emit.memory);
    write(&emit);
    obstack_free(&emit.memory, NULL);
    if (fclose(emit.to) == 0)
        return text;
    free(text);
    return NULL;
}

char *emit_source(const struct plan *plan, const struct emit_options *options, size_t *len)
{
    return emit_to_memory(plan, options, options->path, emit_file, len);
}

char *emit_header(const struct plan *plan, const struct emit_options *options, size_t *len)
{
    return emit_to_memory(plan, options, options->header, emit_declarations, len);
}
