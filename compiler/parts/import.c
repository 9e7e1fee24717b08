/* Files are read one after the other, in the order in which their imports are met: nothing here recurses, however deep
 * imports go, and those that go round in a circle end, since each file is read once. Two paths may lead to one file.
 */
#include "parts/import.h"

#include <errno.h>
#include <string.h>
#include <uthash.h>

#include "parse.h"
#include "text/memory.h"

/* A file that is read already, by what tells it from others. */
struct known {
    const char *key;
    struct ast *ast;
    UT_hash_handle hh;
};

struct reading {
    struct sources *sources;
    const struct places *places;
    struct ast *root;
    struct known *known;
    struct ast **files;
    size_t nfiles;
};

/* ---- finding one ---- */

/* How a file is called where it stands: beside the one that imports it. */
static const char *beside(struct obstack *memory, const char *importer, const char *path)
{
    const char *slash = strrchr(importer, '/');

    return slash ? memory_format(memory, "%.*s/%s", (int)(slash - importer), importer, path) : path;
}

/* A file of the system, or one in memory, has a name of its own that its paths do not tell. */
static const char *key_of(struct obstack *memory, const struct source *source)
{
    return source->inode ? memory_format(memory, "%llx:%llx", source->device, source->inode)
                         : memory_format(memory, "=%s", source->path);
}

struct finding {
    struct reading *reading;
    const char *why; /* the file is there and cannot be read; NULL: it is not there */
    const char *at;  /* then its path */
};

/* What #line calls the file is `name`, the same on every machine. */
static struct source *try_open(struct finding *finding, const char *path, const char *name)
{
    const struct places *places = finding->reading->places;
    const char *why = NULL;
    struct source *source;

    if (finding->why)
        return NULL;
    errno = 0;
    source = places->open(places->data, path, &why);
    if (source) {
        source->name = name;
        return source;
    }
    if (errno == ENOENT || errno == ENOTDIR)
        return NULL;
    finding->why = why;
    finding->at = path;
    return NULL;
}

static struct source *find(struct finding *finding, const struct source *importer, const struct import_decl *import)
{
    const struct places *places = finding->reading->places;
    struct obstack *memory = finding->reading->root->memory;
    struct source *source = NULL;

    if (!import->installed)
        source = try_open(finding, beside(memory, importer->path, import->path),
                          beside(memory, importer->name, import->path));
    for (size_t i = 0; i < places->ndirs && !source; i++)
        source = try_open(finding, memory_format(memory, "%s/%s", places->dirs[i], import->path), import->path);
    if (import->installed && places->installed && !source)
        source = try_open(finding, memory_format(memory, "%s/%s", places->installed, import->path), import->path);
    return source;
}

static void report_unread(struct ast *ast, const struct import_decl *import, const struct finding *finding)
{
    diags_incomplete(ast->diags);
    if (finding->why) {
        diag_report(ast->diags, "E0114", import->at, "cannot read %s: %s", finding->at, finding->why);
        return;
    }
    diag_report(ast->diags, "E0114", import->at, "there is no file '%s' to import", import->path);
    diag_hint(ast->diags, import->installed ? "looked for along -I, and in the installed library; a file beside this one "
                                              "stands in \"\""
                                            : "looked for beside this file, and along -I; an installed file stands in <>");
}

/* ---- where a file may lie ---- */

/* Whoever sends a .pipe file may not make it name any file of the machine. */
static bool may_be_named(struct ast *ast, const struct import_decl *import)
{
    const char *path = import->path;
    const bool climbs = strncmp(path, "../", 3) == 0 || strstr(path, "/../") != NULL;

    if (*path != '/' && !(import->installed && climbs))
        return true;
    diag_report(ast->diags, "E0114", import->at, *path == '/' ? "an import says where its file is from here"
                                                              : "an installed file stands below the library");
    diag_hint(ast->diags, "name a file beside this one, \"x.pipe\", or an installed one, <x.pipe>; -I DIR says where else "
                          "to look");
    diags_incomplete(ast->diags);
    return false;
}

/* ---- what an imported file has ---- */

static void check_file(struct ast *ast)
{
    if (ast->pipeline.text) {
        diag_report(ast->diags, "E0115", ast->pipeline.span, "an imported file is no pipeline of its own");
        diag_hint(ast->diags, "move what both need into a third file, and import that");
        return;
    }
    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl_is_shared(decl->kind))
            continue;
        diag_report(ast->diags, "E0115", decl->name.text ? decl->name.span : decl->span,
                    "an imported file cannot have %s: an import alone adds nothing to a program", decl_noun(decl->kind));
        diag_hint(ast->diags, "an imported file declares types and parts, and has import, include, link and %%{ %%}");
    }
}

/* ---- reading ---- */

static void remember(struct reading *reading, const struct source *source, struct ast *ast)
{
    struct known *known = memory_take(reading->root->memory, sizeof *known);

    known->key = key_of(reading->root->memory, source);
    known->ast = ast;
    HASH_ADD_KEYPTR(hh, reading->known, known->key, strlen(known->key), known);
    reading->files[reading->nfiles++] = ast;
}

static struct ast *known_file(const struct reading *reading, const struct source *source)
{
    const char *key = key_of(reading->root->memory, source);
    struct known *known;

    HASH_FIND_STR(reading->known, key, known);
    return known ? known->ast : NULL;
}

/* False where there is no room for one more. */
static bool has_room(struct reading *reading, const struct import_decl *import, struct source *source)
{
    const bool many = reading->nfiles > IMPORTS_MAX;

    if (!many && sources_add(reading->sources, source))
        return true;
    if (many)
        diag_report(reading->root->diags, "E0608", import->at, "a program imports at most %d files", IMPORTS_MAX);
    else
        diag_report(reading->root->diags, "E0608", import->at, "all files of a program together have at most 2 GiB");
    diags_incomplete(reading->root->diags);
    source_free(source);
    return false;
}

/* The program's own file, which nothing can import: it is a pipeline. Where it is a library, all is well. */
static void check_root(const struct reading *reading, struct ast *ast, const struct import_decl *import)
{
    if (import->file != reading->root || !reading->root->pipeline.text)
        return;
    diag_report(ast->diags, "E0115", import->at, "this file is pipeline '%s', which cannot be imported",
                reading->root->pipeline.text);
    diag_note(ast->diags, reading->root->pipeline.span, "the pipeline is declared here");
    diag_hint(ast->diags, "move what both need into a third file, and import that");
}

static bool read_import(struct reading *reading, struct ast *ast, struct import_decl *import)
{
    struct finding finding = { .reading = reading };
    struct source *source;

    if (!may_be_named(ast, import))
        return true;
    source = find(&finding, ast->source, import);
    if (!source) {
        report_unread(ast, import, &finding);
        return true;
    }
    import->file = known_file(reading, source);
    if (import->file) {
        source_free(source);
        check_root(reading, ast, import);
        return true;
    }
    if (!has_room(reading, import, source))
        return true;
    import->file = ast_parse(reading->sources, source, ast->diags, ast->memory);
    if (!import->file)
        return false;
    check_file(import->file);
    remember(reading, source, import->file);
    return true;
}

/* One file twice in one file: the second import says nothing. */
static void check_twice(struct ast *ast, const struct import_decl *import)
{
    for (struct decl *decl = ast->decls; decl != &import->decl; decl = decl->next) {
        const struct import_decl *first = (const struct import_decl *)decl;

        if (decl->kind != DECL_IMPORT || !import->file || first->file != import->file)
            continue;
        diag_report(ast->diags, "W0106", import->at, "this file is imported already");
        diag_note(ast->diags, first->at, "here");
        diag_hint(ast->diags, "leave one of the two out");
        return;
    }
}

static bool read_imports(struct reading *reading, struct ast *ast)
{
    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind != DECL_IMPORT)
            continue;
        if (!read_import(reading, ast, (struct import_decl *)decl))
            return false;
        check_twice(ast, (struct import_decl *)decl);
    }
    return true;
}

bool imports_read(struct ast *ast, struct sources *sources, const struct places *places)
{
    struct reading reading = { .sources = sources, .places = places, .root = ast };
    bool read = true;

    if (places->installed)
        ast->installed = memory_format(ast->memory, "%s", places->installed);
    if (ast->counts[DECL_IMPORT] == 0)
        return true;
    reading.files = memory_take(ast->memory, (IMPORTS_MAX + 2) * sizeof *reading.files);
    remember(&reading, ast->source, ast);
    for (size_t i = 0; i < reading.nfiles && read; i++)
        read = read_imports(&reading, reading.files[i]);
    HASH_CLEAR(hh, reading.known);
    return read;
}
