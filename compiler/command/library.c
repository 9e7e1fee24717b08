/* What parts and records say of themselves: nothing of it stands anywhere else, so that it is what the installed files have.
 */
#include "command/library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/runtime_files.h"
#include "build/words.h"
#include "parse.h"
#include "text/memory.h"
#include "tree/part.h"

/* A file of the library, and its tree. */
struct file {
    struct sources *sources;
    struct obstack *memory;
    struct diags *diags;
    struct ast *ast;
};

static bool read_file(struct file *file, const char *path)
{
    const char *why;
    struct source *const source = source_open(path, &why);

    *file = (struct file){ sources_new(), memory_new(), NULL, NULL };
    file->diags = file->sources ? diags_new(file->sources) : NULL;
    if (!source || !file->sources || !file->memory || !file->diags || !sources_add(file->sources, source)) {
        if (source)
            source_free(source);
        return false;
    }
    file->ast = ast_parse(file->sources, source, file->diags, file->memory);
    return file->ast != NULL;
}

static void free_file(struct file *file)
{
    diags_free(file->diags);
    sources_free(file->sources);
    memory_free(file->memory);
}

/* ---- how a stage is made of a part ---- */

static void print_text(const struct file *file, struct span span)
{
    printf("%.*s", (int)(span.end - span.start), sources_text(file->sources, span.start));
}

static const struct stage *main_stage(const struct part *part)
{
    AST_EACH(part->body, DECL_STAGE, const struct stage, stage)
        if (strcmp(stage->decl.name.text, part->decl.name.text) == 0)
            return stage;
    return NULL;
}

static void print_count(const struct stage *stage, const char *end)
{
    for (const struct output *output = stage ? stage->outputs : NULL; output; output = output->next)
        if (strcmp(output->to.text, end) == 0 && output->counted) {
            if (output->least != output->most)
                printf("[%lld..%lld]", (long long)output->least, (long long)output->most);
            else
                printf("[%lld]", (long long)output->most);
        }
}

static void print_ends(const struct part *part, bool inputs)
{
    const char *before = inputs ? "(" : "-> ";

    AST_EACH(part->body, DECL_CHANNEL, const struct channel, channel) {
        if (!(inputs ? channel->is_input : channel->is_output))
            continue;
        printf("%s%s %s", before, channel->type.text, channel->decl.name.text);
        if (!inputs)
            print_count(main_stage(part), channel->decl.name.text);
        before = ", ";
    }
    if (before[0] == ',')
        printf("%s", inputs ? ") " : " ");
}

/* As it is declared, without its range and its doc. */
static void print_param(const struct file *file, const struct param *param)
{
    printf("%s%s", param->decl.name.text, param->operands ? "[]" : "");
    for (const struct word *end = param->ends; end; end = end->next)
        printf("%s%s%s", end == param->ends ? "(" : ", ", end->name.text, end->next ? "" : ")");
    if (param->value.kind != VALUE_NONE || param->code.present)
        printf(" = %s", param->code.present ? "(" : "");
    if (param->value.kind != VALUE_NONE)
        print_text(file, param->value.span);
    else if (param->code.present) {
        print_text(file, param->code.span);
        printf(")");
    }
}

static void print_use(const struct file *file, const struct part *part)
{
    const char *before = "";

    print_ends(part, true);
    print_ends(part, false);
    printf("= %s(", part->decl.name.text);
    AST_EACH(part->body, DECL_PARAM, const struct param, param) {
        printf("%s%s ", before, param->type_name.text);
        print_param(file, param);
        before = ", ";
    }
    puts(")");
}

/* ---- all that is known of it ---- */

static void print_params(const struct file *file, const struct part *part)
{
    AST_EACH(part->body, DECL_PARAM, const struct param, param) {
        printf("    ");
        print_param(file, param);
        printf("%s%s\n", param->decl.doc ? ": " : "", param->decl.doc ? param->decl.doc : "");
    }
}

static bool is_comment(const struct source *source, uint32_t line)
{
    size_t len;

    return line >= 1 && line <= source->nlines && strncmp(source_line(source, line, &len), "//", 2) == 0;
}

/* Lines of `//`, from one on. */
static void print_comment(const struct source *source, uint32_t line)
{
    for (; is_comment(source, line); line++) {
        size_t len;
        const char *const text = source_line(source, line, &len);

        printf("%.*s\n", len > 3 ? (int)len - 3 : 0, text + 3);
    }
}

static void print_comment_above(const struct source *source, const struct decl *decl)
{
    uint32_t line = source_position(source, decl->span.start).line;

    if (!is_comment(source, line - 1))
        return;
    while (is_comment(source, line - 1))
        line--;
    puts("");
    print_comment(source, line);
}

static void print_part(const struct file *file, const char *name, const struct part *part)
{
    printf("%s: %s\n\n    import <%s>;\n    ", part->decl.name.text, part->decl.doc ? part->decl.doc : "", name);
    print_use(file, part);
    if (part->body->counts[DECL_PARAM] > 0)
        puts("");
    print_params(file, part);
    print_comment_above(file->ast->source, &part->decl);
}

/* As it is declared: the comments in it say what its fields are. */
static void print_record(const struct file *file, const char *name, const struct record_decl *record)
{
    const char *text = sources_text(file->sources, record->decl.span.start);
    const char *const end = text + (record->decl.span.end - record->decl.span.start);

    printf("record %s\n\n    import <%s>;\n", record->decl.name.text, name);
    for (size_t len; text < end; text += len + (text + len < end)) {
        const char *const stop = memchr(text, '\n', (size_t)(end - text));

        len = (size_t)((stop ? stop : end) - text);
        printf("    %.*s\n", (int)len, text);
    }
    print_comment_above(file->ast->source, &record->decl);
}

/* Of the file `name`: its records and parts, where it is called `wanted`, or the one of that name. */
static bool explain_in(const struct file *file, const char *name, const char *wanted)
{
    bool found = strcmp(name, wanted) == 0;

    if (found) {
        print_comment(file->ast->source, 1);
        puts("");
    }
    AST_EACH(file->ast, DECL_RECORD, const struct record_decl, record) {
        if (strcmp(name, wanted) == 0)
            printf("    record %s\n", record->decl.name.text);
        else if (strcmp(record->decl.name.text, wanted) == 0)
            print_record(file, name, record);
        else
            continue;
        found = true;
    }
    AST_EACH(file->ast, DECL_PART, const struct part, part) {
        if (strcmp(name, wanted) == 0)
            printf("    %s: %s\n", part->decl.name.text, part->decl.doc ? part->decl.doc : "");
        else if (strcmp(part->decl.name.text, wanted) == 0)
            print_part(file, name, part);
        else
            continue;
        found = true;
    }
    return found;
}

static int is_pipe_file(const struct dirent *entry)
{
    return word_ends_with(entry->d_name, ".pipe");
}

static bool explain(const char *name)
{
    char *const directory = library_find();
    struct dirent **entries = NULL;
    const int n = directory ? scandir(directory, &entries, is_pipe_file, alphasort) : 0;
    bool found = false;

    for (int i = 0; i < n; i++) {
        char *path = NULL;
        struct file file;

        if (!found && asprintf(&path, "%s/%s", directory, entries[i]->d_name) >= 0) {
            found = read_file(&file, path) && explain_in(&file, entries[i]->d_name, name);
            free_file(&file);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    free(directory);
    return found;
}

bool library_explain(const char *name)
{
    char *file = NULL;
    bool found = explain(name);

    if (!found && asprintf(&file, "%s.pipe", name) >= 0) {
        found = explain(file);
        free(file);
    }
    return found;
}
