/* What stands in a C body, learned from its tokens alone.
 *
 * C cannot be parsed without its types and macros, and need not be: what matters is whether a call is a statement, and
 * whether a loop or a condition stands around it. So the scan keeps a stack of levels, one for each open bracket. A
 * level holds either statements (a block) or an expression. Whatever it does not know (a macro before a block, the
 * arguments of a call) counts as a loop and a condition, so that a promise is seen only where it holds.
 */
#include "facts/body.h"

#include <string.h>

#include "facts/libc.h"
#include "facts/macro.h"
#include "facts/write.h"
#include "text/ctoken.h"
#include "text/memory.h"

enum { LOOP = 1, CONDITION = 2, UNKNOWN = LOOP | CONDITION };

/* What the tokens of a statement have been so far. */
enum shape {
    SHAPE_START,
    SHAPE_WORD,    /* one word */
    SHAPE_CONTROL, /* if, while …: its ( follows */
    SHAPE_CASE,
    SHAPE_OTHER
};

/* What follows when the level's bracket closes. */
enum closing { CLOSE_NOTHING, CLOSE_STATEMENT, CLOSE_CONDITION, CLOSE_LOOP, CLOSE_MACRO };

struct level {
    int bracket;             /* the one that opened it; 0 for the whole text */
    bool statements;
    bool expression_around;  /* statements, but within an expression */
    int base;                /* what stands around all of the level */
    int prefix;              /* … around this statement alone: unbraced if, for, else */
    int ended;               /* `prefix` of the statement before, for its else */
    enum shape shape;
    int questions;           /* `?` without their `:`, in a case */
    enum closing control;    /* SHAPE_CONTROL: which */
    enum closing closing;
    int words;               /* that have begun a statement, with stars between them; -1: something else has come */
    bool parameters;         /* the parentheses are those of a function that is declared */
    bool declares;           /* … of which the last was declared, so that one behind a comma is too */
    bool unsure;             /* SHAPE_WORD: it may be a macro that hides anything */
    struct call **opened;    /* where the calls begin behind a word that may open a block; NULL: there was none */
    bool is_static, is_const;
    bool shared;             /* what the statement declares is static, and neither const nor atomic */
    bool plain;              /* … and of a type that C has without a declaration */
    enum lending lends;      /* the parentheses are those of a call, which may write where an address points */
    const char *callee;      /* the word before the parentheses; NULL: there is none */
    struct span static_span;
    struct call *call;       /* the call whose parentheses these are */
    struct argument **last;
    uint32_t argument_start, argument_end;
};

struct scan {
    struct obstack *memory;
    struct body *body;
    const struct sources *sources;
    const struct macros *macros;
    struct lexer lexer;
    struct ctoken token, before;
    int earlier;             /* the sign before that one; 0: it was none */
    struct level *levels;
    size_t depth, room;      /* levels[depth] is the innermost */
    struct call **last;
    int words;               /* of the level, before the sign at hand */
    bool locked;
    unsigned homes;
};

/* ---- names ---- */

/* What the text of a macro names, and those that it uses, the body that uses it names too. */
static void add_macro(struct scan *scan, const char *word)
{
    struct span text;
    struct lexer lexer;
    struct ctoken token;

    if (!macro_text(scan->macros, word, &text))
        return;
    lexer = lexer_start(scan->sources, text);
    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token))
        if (token.kind == TOKEN_WORD && mentions_add(&scan->body->mentions, scan->memory, token.word, MENTION_MACRO))
            add_macro(scan, token.word);
}

bool body_names(const struct body *body, const char *name)
{
    return body && mentions_has(&body->mentions, name);
}

unsigned body_mentions(const struct body *body, const char *name)
{
    return body ? mentions_how(&body->mentions, name) : 0;
}

/* ---- levels ---- */

static struct level *level(struct scan *scan)
{
    return &scan->levels[scan->depth];
}

static struct level *open_level(struct scan *scan, struct level opened)
{
    if (++scan->depth == scan->room) {
        struct level *const levels = memory_take(scan->memory, 2 * scan->room * sizeof *levels);

        memcpy(levels, scan->levels, scan->room * sizeof *levels);
        scan->levels = levels;
        scan->room *= 2;
    }
    opened.bracket = scan->token.punct;
    scan->levels[scan->depth] = opened;
    return level(scan);
}

static int around(const struct level *l)
{
    return l->base | l->prefix;
}

static void commit_static(struct scan *scan)
{
    struct level *l = level(scan);

    if (l->is_static && !l->is_const && scan->body->mutable_static.end == 0)
        scan->body->mutable_static = l->static_span;
    l->is_static = false;
}

static void end_statement(struct level *l)
{
    l->ended = l->prefix;
    l->prefix = 0;
    l->questions = 0;
    l->shape = SHAPE_START;
    l->is_static = l->is_const = l->shared = false;
    l->words = 0;
    l->declares = false;
}

/* A statement follows: the branch of an if, the body of a loop, what stands behind a label. */
static void expect_statement(struct level *l, int flags)
{
    l->prefix |= flags;
    l->shape = SHAPE_START;
    l->words = 0;
}

static struct ctoken peek(const struct scan *scan)
{
    struct lexer ahead = scan->lexer;
    struct ctoken token;

    lexer_next(&ahead, &token);
    return token;
}

/* ---- calls ---- */

static const struct call_word { const char *word; enum call_kind kind; } call_words[] = {
    { "emit", CALL_EMIT }, { "emit_ok", CALL_EMIT_OK }, { "try_emit", CALL_TRY_EMIT }, { "fail", CALL_FAIL },
    { "stop", CALL_STOP }, { "finish", CALL_FINISH }, { "stopping", CALL_STOPPING }, { "failed", CALL_FAILED },
    { "take", CALL_TAKE }, { "remaining", CALL_REMAINING }, { "status", CALL_STATUS }, { "interrupted", CALL_INTERRUPTED },
    { "wait_for", CALL_WAIT_FOR }, { "fail_after", CALL_FAIL_AFTER }, { "total", CALL_TOTAL },
    { "next", CALL_NEXT }, { "next_for", CALL_NEXT_FOR }, { "next_any", CALL_NEXT_ANY },
};

static bool is_member(const struct scan *scan)
{
    return token_is(&scan->before, '.') || token_is(&scan->before, PUNCT_ARROW);
}

/* Whether an `else` may follow the statement that ends at the `;` to come. */
static bool else_may_follow(const struct scan *scan)
{
    struct lexer ahead = scan->lexer;
    struct ctoken token;

    lexer_next(&ahead, &token);
    lexer_next(&ahead, &token);
    return token.kind == TOKEN_LINE || token_is_word(&token, "else");
}

static void begin_call(struct scan *scan, enum call_kind kind)
{
    struct level *l = level(scan);
    struct call *call = memory_take(scan->memory, sizeof *call);
    const int flags = around(l);

    call->kind = kind;
    call->output = NO_PLACE;
    call->word = call->span = scan->token.span;
    call->in_loop = flags & LOOP;
    call->conditional = flags & CONDITION;
    call->place =
        l->statements && !l->expression_around && l->shape == SHAPE_START ? PLACE_STATEMENT : PLACE_EXPRESSION;
    *scan->last = call;
    scan->last = &call->next;
    if (call_fails(kind))
        scan->body->leaves_early = true;
    scan->body->calls_out |= call_fails(kind) || kind == CALL_WAIT_FOR;
    if ((call_sends(kind) || call_pulls(kind)) && kind != CALL_TRY_EMIT && scan->locked && !scan->body->locked_emit.end)
        scan->body->locked_emit = call->word;
    call->dangling = scan->before.kind == TOKEN_LINE;
    scan->before = scan->token;
    lexer_next(&scan->lexer, &scan->token);
    l->shape = SHAPE_OTHER;
    call->arguments.start = scan->token.span.end;
    l = open_level(scan, (struct level){ .base = flags, .call = call, .argument_start = scan->token.span.end });
    l->last = &call->list;
}

static void end_argument(struct scan *scan)
{
    struct level *l = level(scan);
    struct argument *argument;

    if (l->argument_end == 0 && l->call->count == 0 && token_is(&scan->token, ')'))
        return;
    argument = memory_take(scan->memory, sizeof *argument);
    if (l->argument_end)
        argument->span = (struct span){ l->argument_start, l->argument_end };
    else
        argument->span = (struct span){ scan->token.span.start, scan->token.span.start };
    *l->last = argument;
    l->last = &argument->next;
    l->call->count++;
    l->argument_end = 0;
}

static void end_call(struct scan *scan, struct call *call)
{
    const struct ctoken next = peek(scan);

    call->span.end = scan->token.span.end;
    call->arguments.end = scan->token.span.start;
    if (call->place == PLACE_EXPRESSION)
        return;
    if (!token_is(&next, ';')) {
        call->place = PLACE_UNENDED;
        return;
    }
    call->dangling = call->dangling || else_may_follow(scan);
    call->span.end = next.span.end;
}

/* An argument's text reaches from its first token to its last. */
static void extend_argument(struct level *l, const struct ctoken *token)
{
    if (!l->call)
        return;
    if (l->argument_end == 0)
        l->argument_start = token->span.start;
    l->argument_end = token->span.end;
}

/* ---- words ---- */

/* What follows a declarator. */
static bool ends_declarator(const struct ctoken *token)
{
    return token->kind == TOKEN_PUNCT && token->punct < 256 && strchr(";=[,", token->punct);
}

static bool is_plain_type(const char *word)
{
    static const char *const words[] = { "char", "short", "int", "long", "signed", "unsigned", "float", "double", "bool",
                                         "_Bool", "size_t", "ssize_t", "ptrdiff_t", "int8_t", "uint8_t", "int16_t",
                                         "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t", "intptr_t", "uintptr_t",
                                         "time_t", NULL };

    return word_is_one_of(word, words);
}

static void note_static(struct scan *scan, const char *word)
{
    static const char *const safe[] = { "const", "_Atomic", "_Thread_local", "thread_local", "__thread", NULL };
    struct level *l = level(scan);
    const struct ctoken next = peek(scan);

    if (!strcmp(word, "static")) {
        l->is_static = true;
        l->shared = !l->is_const;
        l->plain = true;
        l->static_span = scan->token.span;
    } else if (!is_plain_type(word) && !ends_declarator(&next)) {
        l->plain = false;
    }
    if (word_is_one_of(word, safe) || !strncmp(word, "pthread_", 8) || !strncmp(word, "atomic_", 7)) {
        l->is_const = true;
        l->shared = false;
    }
}

/* A word that begins a statement, or that C reserves for what follows it. Returns false for any other. */
static bool scan_keyword(struct scan *scan, const char *word)
{
    static const struct { const char *word; enum closing control; } controls[] = {
        { "if", CLOSE_CONDITION }, { "while", CLOSE_LOOP }, { "for", CLOSE_LOOP }, { "switch", CLOSE_CONDITION } };
    struct level *l = level(scan);

    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        if (!strcmp(word, controls[i].word)) {
            l->shape = SHAPE_CONTROL;
            l->control = controls[i].control;
            return true;
        }
    }
    if (!strcmp(word, "do"))
        expect_statement(l, UNKNOWN);
    else if (!strcmp(word, "else"))
        expect_statement(l, l->ended | CONDITION);
    else if (!strcmp(word, "case") || !strcmp(word, "default"))
        l->shape = SHAPE_CASE;
    else
        return false;
    return true;
}

static bool is_capital(const char *word)
{
    bool letter = false;

    for (; *word; word++) {
        if ((*word < 'A' || *word > 'Z') && (*word < '0' || *word > '9') && *word != '_')
            return false;
        letter |= *word >= 'A' && *word <= 'Z';
    }
    return letter;
}

/* Any call may stand in a loop now, and be passed by. */
static void note_unsure(struct scan *scan)
{
    scan->body->leaves_early = scan->body->may_loop = true;
}

static bool is_declared_in(const struct body *body, const char *word)
{
    for (; body; body = body->above)
        if (body_mentions(body, word) & MENTION_DECLARED)
            return true;
    return false;
}

static bool is_declared(const struct scan *scan, const char *word)
{
    return is_declared_in(scan->body, word);
}

/* A type of libc's, of the part's (`T`) or of the file's own C text. */
static bool is_capital_type(const struct scan *scan, const char *word)
{
    static const char *const types[] = { "FILE", "DIR", NULL };
    struct span text;

    return word_is_one_of(word, types)
        || (is_declared_in(scan->body->above, word) && !macro_text(scan->macros, word, &text));
}

/* A word in capitals begins a statement. By the custom of C it is a macro, of a header if not of the file, and might open
 * a block or hide a label: `BEGIN`, `RETRY_IF(x);`. Before an operator it is a variable. */
static void scan_capital(struct scan *scan, const char *word)
{
    const struct ctoken next = peek(scan);

    if (token_is(&next, '('))
        level(scan)->unsure = true; /* close_macro() tells */
    else if ((next.kind != TOKEN_PUNCT || token_is(&next, ';') || token_is(&next, '}') || token_is(&next, '*'))
             && !is_capital_type(scan, word))
        note_unsure(scan);
}

#define FOREIGN_MOST 8 /* macros within macros; what lies deeper is not looked at */

/* Whether the word may be a macro of a header: nothing else that is known has its name. So may one of the file whose text
 * is such a word, or calls it. */
static bool may_be_headers(const struct scan *scan, const char *word, int depth)
{
    static const char *const known[] = { "if", "while", "for", "switch", "do", "else", "return", "sizeof", "typeof",
                                         "__typeof__", "_Alignof", "_Generic", "__attribute__", "__extension__", NULL };
    struct ctoken token, next;
    struct lexer lexer;
    struct span text;

    if (!macro_text(scan->macros, word, &text))
        return !libc_has(word) && !is_declared(scan, word) && !word_is_one_of(word, known);
    if (depth >= FOREIGN_MOST)
        return true;
    lexer = lexer_start(scan->sources, text);
    lexer.line_start = false; /* # makes a string there */
    lexer_next(&lexer, &token);
    for (bool alone = true; token.kind != TOKEN_END; token = next, alone = false) {
        lexer_next(&lexer, &next);
        if (token.kind == TOKEN_WORD && (token_is(&next, '(') || (alone && next.kind == TOKEN_END))
            && may_be_headers(scan, token.word, depth + 1))
            return true;
    }
    return false;
}

/* Whether the word, as a statement or called as one, may be a macro of a header that opens or closes a block. */
static bool is_foreign(const struct scan *scan, const char *word)
{
    const struct ctoken next = peek(scan);

    if (!token_is(&next, '(') && !token_is(&next, ';') && !token_is(&next, '}'))
        return false;
    return may_be_headers(scan, word, 0);
}

/* Two such words in one block may be the ends of a loop: what stands between them is sent any number of times. */
static void note_foreign(struct scan *scan)
{
    struct level *l = level(scan);

    for (struct call *call = l->opened ? *l->opened : NULL; call; call = call->next)
        call->in_loop = call->conditional = true;
    l->opened = scan->last;
}

static void scan_statement_word(struct scan *scan, const char *word)
{
    static const char *const never_macros[] = { "struct", "union", "enum", "return", "sizeof", "goto", "static",
                                                "const", "_Alignof", "typeof", "__typeof__", "__extension__", "break",
                                                "continue", NULL };
    struct level *l = level(scan);
    bool begins;

    if (l->shape == SHAPE_START && scan_keyword(scan, word))
        return;
    l->unsure = false;
    if (l->shape == SHAPE_START && is_capital(word) && macro_kind(scan->macros, word) == MACRO_NONE)
        scan_capital(scan, word);
    begins = l->shape == SHAPE_START && !word_is_one_of(word, never_macros);
    if (begins && is_foreign(scan, word))
        note_foreign(scan);
    l->shape = begins ? SHAPE_WORD : l->shape == SHAPE_CASE ? SHAPE_CASE : SHAPE_OTHER;
}

/* The call that begins with this word, or NULL. */
static const struct call_word *find_call(const struct scan *scan, const char *word)
{
    struct ctoken next;

    for (size_t i = 0; i < sizeof call_words / sizeof *call_words; i++) {
        if (word[0] != call_words[i].word[0] || strcmp(word, call_words[i].word) != 0)
            continue;
        if (!call_is_at_home(call_words[i].kind, scan->homes))
            return NULL;
        next = peek(scan);
        return token_is(&next, '(') ? &call_words[i] : NULL;
    }
    return NULL;
}

static void note_self(struct scan *scan)
{
    const struct ctoken next = peek(scan);

    if (!token_is(&next, PUNCT_ARROW)) {
        struct handed *handed = memory_take(scan->memory, sizeof *handed);

        handed->to = level(scan)->callee;
        handed->next = scan->body->handed;
        scan->body->handed = handed;
        scan->body->uses_self = true;
    }
}

static void note_jump(struct scan *scan, const char *word)
{
    if (!strcmp(word, "return"))
        scan->body->leaves_early = true;
    else if (!strcmp(word, "goto"))
        scan->body->leaves_early = scan->body->may_loop = true;
}

/* Whether a function gets the variable's address: `f(&name)`, `f(a, &name)`. */
static bool is_lent(struct scan *scan)
{
    const struct level *l = level(scan);

    return !scan->locked && token_is(&scan->before, '&')
        && ((scan->earlier == '(' && l->lends != LEND_NONE) || (scan->earlier == ',' && l->lends == LEND_ALL));
}

/* How the word at hand stands there, and what that means for the next one: `unsigned int a, *b` declares two. */
static unsigned mention(struct scan *scan, const char *word)
{
    static const char *const values[] = { "return", "case", "sizeof", "_Alignof", NULL };
    struct level *l = level(scan);
    const bool may_declare = l->statements || l->bracket == '{' || l->closing == CLOSE_LOOP || l->parameters;
    const bool declares = may_declare && l->words > 0;
    const struct ctoken next = peek(scan);
    bool written;

    if (!strcmp(word, "else") || !strcmp(word, "do"))
        l->words = 0;
    else if (word_is_one_of(word, values))
        l->words = -1;
    else if (l->words >= 0)
        l->words++;
    if (token_is_word(&scan->before, "struct") || token_is_word(&scan->before, "union")
        || token_is_word(&scan->before, "enum") || token_is_word(&scan->before, "goto"))
        return 0;
    if (l->statements && l->shape == SHAPE_START && token_is(&next, ':'))
        return 0;
    if (macro_kind(scan->macros, word) != MACRO_NONE)
        return MENTION_MACRO;
    if (declares)
        return MENTION_DECLARED | (scan->depth == 0 ? MENTION_OUTER : 0);
    written = !scan->locked && writes_here(scan->lexer, &scan->before);
    return MENTION_USED | (written ? MENTION_WRITTEN : 0) | (is_lent(scan) ? MENTION_LENT : 0);
}

/* A variable outside of functions: `static int name`, before what follows its declarator. */
static void note_variable(struct scan *scan)
{
    const struct ctoken next = peek(scan);
    const struct level *l = level(scan);
    struct variable *variable;

    if (scan->depth > 0 || !l->shared || !ends_declarator(&next))
        return;
    variable = memory_take(scan->memory, sizeof *variable);
    variable->name = memory_copy(scan->memory, scan->token.word, strlen(scan->token.word));
    variable->span = scan->token.span;
    variable->plain = l->plain && !token_is(&next, '[');
    variable->next = scan->body->statics;
    scan->body->statics = variable;
}

static void mention_punct(struct level *l, const struct ctoken *token)
{
    if (token_is(token, '*'))
        return;
    if (token_is(token, ';')) {
        l->words = 0;
        l->declares = false;
        return;
    }
    l->declares |= l->words > 1;
    l->words = token_is(token, ',') && l->declares ? 1 : -1;
}

static void scan_member(struct level *l)
{
    if (l->shape != SHAPE_CASE)
        l->shape = SHAPE_OTHER;
}

static void scan_word(struct scan *scan)
{
    const char *word = scan->token.word;
    const struct call_word *call;

    if (is_member(scan)) {
        scan_member(level(scan));
        return;
    }
    note_variable(scan);
    if (mentions_add(&scan->body->mentions, scan->memory, word, mention(scan, word)))
        add_macro(scan, word);
    if (macro_kind(scan->macros, word) == MACRO_JUMPS)
        note_unsure(scan);
    scan->locked = lock_after(word, scan->locked);
    note_static(scan, word);
    note_jump(scan, word);
    if (!strcmp(word, "self"))
        note_self(scan);
    call = find_call(scan, word);
    if (call)
        begin_call(scan, call->kind);
    else if (level(scan)->statements)
        scan_statement_word(scan, word);
}

/* ---- brackets ---- */

static void open_brace(struct scan *scan)
{
    struct level *l = level(scan);
    const bool in_parens = !l->statements && token_is(&scan->before, '('); /* a statement expression: ({ … }) */
    const int unknown = l->shape == SHAPE_START ? 0 : UNKNOWN;

    commit_static(scan);
    if (token_is(&scan->before, ')')) /* a function */
        l->shared = false;
    if (in_parens)
        open_level(scan, (struct level){ .statements = true, .expression_around = true, .base = around(l) | UNKNOWN });
    else if (l->statements && (l->shape == SHAPE_START || l->shape == SHAPE_WORD))
        open_level(scan, (struct level){ .statements = true, .expression_around = l->expression_around,
                                         .base = around(l) | unknown, .closing = CLOSE_STATEMENT });
    else
        open_level(scan, (struct level){ .base = around(l) | UNKNOWN });
}

/* Behind a word, a `)` or a `]` stands a call, perhaps of a macro that repeats its argument. */
static bool opens_call(const struct scan *scan)
{
    static const char *const operators[] = { "return", "sizeof", "case", "else", "do", "if", "switch", NULL };

    if (scan->before.kind == TOKEN_WORD)
        return !word_is_one_of(scan->before.word, operators);
    return token_is(&scan->before, ')') || token_is(&scan->before, ']');
}

static void open_paren(struct scan *scan)
{
    struct level *l = level(scan);
    const bool call = opens_call(scan);
    struct level opened = { .base = around(l) | (call ? UNKNOWN : 0), .parameters = scan->words > 1,
                            .callee = scan->before.kind != TOKEN_WORD ? NULL
                                      : memory_copy(scan->memory, scan->before.word, strlen(scan->before.word)) };

    if (call && scan->before.kind == TOKEN_WORD)
        opened.lends = lending_to(scan->before.word);

    scan->body->calls_out |= call && !token_is_word(&scan->before, "for") && !token_is_word(&scan->before, "while");
    if (l->statements && l->shape == SHAPE_CONTROL)
        opened.closing = l->control;
    else if (l->statements && l->shape == SHAPE_WORD)
        opened.closing = CLOSE_MACRO;
    else if (l->shape != SHAPE_CASE)
        l->shape = SHAPE_OTHER;
    open_level(scan, opened);
}

/* `WORD (…)` at the start of a statement: a call if `;` follows, else perhaps a macro that opens a loop. */
static void close_macro(struct scan *scan)
{
    const struct ctoken next = peek(scan);
    struct level *l = level(scan);

    if (token_is(&next, ';')) {
        l->shape = SHAPE_OTHER;
        if (l->unsure)
            note_unsure(scan);
        return;
    }
    l->prefix |= UNKNOWN;
    l->shape = next.kind == TOKEN_PUNCT && !token_is(&next, '{') ? SHAPE_OTHER : SHAPE_START;
}

/* Over the branches of an #if brackets may balance in other ways. */
static void check_bracket(struct scan *scan, int opened)
{
    const int wanted = opened == '{' ? '}' : opened == '[' ? ']' : opened == '(' ? ')' : 0;

    if (!token_is(&scan->token, wanted) && !scan->body->may_loop && !scan->body->mismatch.end)
        scan->body->mismatch = scan->token.span;
}

static void close_level(struct scan *scan)
{
    const struct level closed = *level(scan);

    check_bracket(scan, closed.bracket);
    if (closed.call)
        end_argument(scan);
    if (scan->depth == 0)
        return;
    scan->depth--;
    if (closed.bracket == '{')
        level(scan)->words = 0;
    if (closed.call)
        end_call(scan, closed.call);
    switch (closed.closing) {
    case CLOSE_NOTHING:
        break;
    case CLOSE_STATEMENT:
        end_statement(level(scan));
        break;
    case CLOSE_CONDITION:
        expect_statement(level(scan), CONDITION);
        break;
    case CLOSE_LOOP:
        expect_statement(level(scan), UNKNOWN);
        break;
    case CLOSE_MACRO:
        close_macro(scan);
        break;
    }
}

/* ---- the rest ---- */

static void scan_colon(struct scan *scan)
{
    struct level *l = level(scan);

    if (l->shape == SHAPE_CASE && l->questions > 0) {
        l->questions--;
    } else if (l->shape == SHAPE_CASE) {
        l->shape = SHAPE_START;
    } else if (l->shape == SHAPE_WORD) {
        scan->body->leaves_early = scan->body->may_loop = true;
        l->shape = SHAPE_START;
    }
}

static void scan_separator(struct scan *scan)
{
    struct level *l = level(scan);

    commit_static(scan);
    if (token_is(&scan->token, ';') && l->statements)
        end_statement(l);
    else if (token_is(&scan->token, ',') && l->call)
        end_argument(scan);
}

static void scan_operator(struct scan *scan)
{
    struct level *l = level(scan);

    if (token_is(&scan->token, '=') || token_is(&scan->token, '['))
        commit_static(scan);
    if (token_is(&scan->token, '?') && l->shape == SHAPE_CASE)
        l->questions++;
    if (token_is(&scan->token, '?') || token_is(&scan->token, PUNCT_AND) || token_is(&scan->token, PUNCT_OR)) {
        if (l->statements)
            l->prefix |= CONDITION;
        else
            l->base |= CONDITION;
    }
    if (l->shape != SHAPE_CASE)
        l->shape = SHAPE_OTHER;
}

static void scan_punct(struct scan *scan)
{
    switch (scan->token.punct) {
    case '{':
        open_brace(scan);
        break;
    case '(':
        open_paren(scan);
        break;
    case '[':
        scan_operator(scan);
        open_level(scan, (struct level){ .base = around(level(scan)) });
        break;
    case ')':
    case ']':
    case '}':
        close_level(scan);
        break;
    case ':':
        scan_colon(scan);
        break;
    case ';':
    case ',':
        scan_separator(scan);
        break;
    default:
        scan_operator(scan);
    }
}

static void scan_token(struct scan *scan)
{
    struct level *l = level(scan);
    const bool closes_call = l->call && token_is(&scan->token, ')');
    const bool parts = l->call && token_is(&scan->token, ',');

    if (!closes_call && !parts)
        extend_argument(l, &scan->token);
    switch (scan->token.kind) {
    case TOKEN_WORD:
        scan_word(scan);
        break;
    case TOKEN_PUNCT:
        scan->words = l->words;
        mention_punct(l, &scan->token);
        scan_punct(scan);
        break;
    case TOKEN_LINE:
        scan->body->has_lines = true;
        scan->body->calls_out = true;
        scan->body->leaves_early = scan->body->may_loop = true;
        break;
    default:
        if (l->shape != SHAPE_CASE)
            l->shape = SHAPE_OTHER;
    }
    l = level(scan);
    if (l->call && l->argument_end && !token_is(&scan->token, ','))
        l->argument_end = scan->token.span.end;
}

struct body *body_scan(struct obstack *memory, const struct sources *sources, struct span span, const struct macros *macros,
                       const struct body *above, unsigned homes)
{
    struct scan scan = { .memory = memory, .sources = sources, .macros = macros, .room = 8, .homes = homes };

    scan.body = memory_take(memory, sizeof *scan.body);
    scan.body->above = above;
    scan.body->span = span;
    scan.last = &scan.body->calls;
    scan.lexer = lexer_start(sources, span);
    scan.levels = memory_take(memory, scan.room * sizeof *scan.levels);
    scan.levels[0].statements = true;
    for (;;) {
        lexer_next(&scan.lexer, &scan.token);
        if (scan.token.kind == TOKEN_END)
            break;
        scan_token(&scan);
        scan.earlier = scan.before.kind == TOKEN_PUNCT ? scan.before.punct : 0;
        scan.before = scan.token;
    }
    while (scan.depth > 0)
        close_level(&scan);
    return scan.body;
}

struct body *body_new(struct obstack *memory, const struct body *above)
{
    struct body *body = memory_take(memory, sizeof *body);

    body->above = above;
    return body;
}

void body_declare(struct obstack *memory, struct body *body, const char *name)
{
    mentions_add(&body->mentions, memory, name, MENTION_DECLARED);
}
