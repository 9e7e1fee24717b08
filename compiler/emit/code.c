/* The author's C, line for line, with the language's calls replaced.
 *
 *   emit(x);                if (!NAME_STAGE_emit_OUT(self, x)) return;     in braces where something follows that would
 *                           belong to this `if`, or look as if it did
 *   emit_ok(x)              NAME_STAGE_emit_OUT(self, x)
 *   try_emit(x)             NAME_STAGE_try_OUT(self, x)
 *   fail("format", y);      { prt_fail_item(&self->base, &(int){ x }, "format", y); return; } where the item can be shown,
 *                           else { prt_fail(&self->base, "format", y); return; }
 *   fail_after(2s, "…");    { prt_fail_after(&self->base, 2000000000, "…"); return; }
 *   finish();               prt_finish(&self->base);
 *   stop() and the like     prt_stop(&self->base)
 *   wait_for(fd, ev, 5s)    prt_wait_for(&self->base, fd, ev, 5000000000)
 *   take(x)                 PRT_TAKE(x)
 *   next(l)                 NAME_STAGE_next_l(self, &l)
 *   next_for(l, 5ms)        NAME_STAGE_next_for_l(self, &l, 5000000)
 *   next_any(l, r)          NAME_STAGE_next_any(self, &l, &r); of some inputs alone: NAME_STAGE_next_any_l_r(…)
 *
 * A line end within a call is kept, so that every line of the text has the number that #line promised.
 */
#include "emit/code.h"

#include <string.h>

#include "emit/param.h"
#include "emit/text.h"
#include "text/ctoken.h"

/* The text at hand, and the calls of it that are not written yet. */
struct writer {
    struct emit *emit;
    const struct planned_stage *stage; /* NULL: the pipeline's own section */
    const char *text;  /* of `span` */
    struct span span;
    const char *worker;
    bool shows;        /* the item stands in the text under its own name, and a failure can show it */
    const struct call *next;
    const struct swap *swap; /* the next one */
};

static void write_range(struct writer *writer, uint32_t from, uint32_t to);

static const char *text_at(const struct writer *writer, uint32_t offset)
{
    return writer->text + (offset - writer->span.start);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static void write_bytes(struct writer *writer, uint32_t from, uint32_t to)
{
    while (from < to) { /* without the CR of a line end */
        const char *text = text_at(writer, from);
        const char *cr = memchr(text, '\r', to - from);
        const uint32_t stop = cr ? from + (uint32_t)(cr - text) : to;

        emit_bytes(writer->emit, text, stop - from);
        from = stop + (cr != NULL);
    }
}

/* The stage's functions have the stage's name before their own, and `struct self` is its structure. */
static void write_plain(struct writer *writer, uint32_t from, uint32_t to)
{
    const struct functions *functions = writer->stage ? writer->stage->functions : NULL;
    struct lexer lexer = lexer_start(writer->emit->plan->sources, (struct span){ from, to });
    struct ctoken token, before = { .kind = TOKEN_END };

    for (lexer_next(&lexer, &token); functions && token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        const bool is_self = token_is_word(&token, "self") && token_is_word(&before, "struct");
        const bool is_member = token_is(&before, '.') || token_is(&before, PUNCT_ARROW);

        if (is_self || (token.kind == TOKEN_WORD && !is_member && functions_have(functions, token.word))) {
            write_bytes(writer, from, token.span.start);
            emit_put(writer->emit, is_self ? "$S" : "$S_%s", token.word);
            from = token.span.end;
        }
        before = token;
    }
    write_bytes(writer, from, to);
}

/* Of what is left out, the line ends stay, and the blanks before what follows on a line of its own. Returns whether
 * there was a line end. */
static bool write_line_ends(struct writer *writer, uint32_t from, uint32_t to)
{
    bool found = false;

    for (; from < to; from++) {
        const char *text = text_at(writer, from);
        const char c = *text;

        if (c == '\n' || (found && (c == ' ' || c == '\t') && strspn(text, " \t") >= to - from))
            emit_bytes(writer->emit, &c, 1);
        found |= c == '\n';
    }
    return found;
}

/* The rest of the line after a statement holds nothing, a comment or a closing brace; else `more` in
 * `if (...) return; more` would look as if it belonged to the `if`. */
static bool is_last_on_line(const struct writer *writer, uint32_t at)
{
    const char *text = text_at(writer, at);

    while (*text == ' ' || *text == '\t' || *text == '\r')
        text++;
    return *text == '\n' || *text == '}' || *text == '\0' || (text[0] == '/' && (text[1] == '/' || text[1] == '*'));
}

/* What is passed is an input's item, or one of a batch, where it lies: what stands within take() is that. */
static void write_passed(struct writer *writer, const struct call *call)
{
    const struct call *take = writer->next;
    const bool of_batch = writer->stage->inputs[0].length;

    if (of_batch) {
        writer->next = take->next;
        emit_put(writer->emit, "&");
        write_range(writer, take->arguments.start, take->arguments.end);
        write_line_ends(writer, take->arguments.end, call->arguments.end);
        return;
    }
    emit_put(writer->emit, "&self->in_");
    write_bytes(writer, take->list->span.start, take->list->span.end);
    emit_put(writer->emit, ", ");
    write_range(writer, call->value.start, call->arguments.end);
}

static void write_emit(struct writer *writer, const struct call *call)
{
    const bool statement = call->kind == CALL_EMIT;
    const bool braces = statement && (call->dangling || !is_last_on_line(writer, call->span.end));

    emit_put(writer->emit, "%s%s$S_%s_%s(self,", braces ? "{ " : "", statement ? "if (!" : "",
             call->kind == CALL_TRY_EMIT ? "try" : call->passes ? "pass" : "emit", writer->stage->outputs[call->output].name);
    if (!write_line_ends(writer, call->word.end, call->value.start))
        emit_put(writer->emit, " ");
    if (call->passes)
        write_passed(writer, call);
    else
        write_range(writer, call->value.start, call->arguments.end);
    write_line_ends(writer, call->arguments.end, call->span.end);
    emit_put(writer->emit, ")%s%s", statement ? ") return;" : "", braces ? " }" : "");
}

/* The arguments; a duration is written as what it is. */
static void write_arguments(struct writer *writer, const struct call *call)
{
    if (call->time) {
        write_range(writer, call->arguments.start, call->time->span.start);
        emit_put(writer->emit, "%lld", (long long)call->ns);
        write_range(writer, call->time->span.end, call->arguments.end);
    } else {
        write_range(writer, call->arguments.start, call->arguments.end);
    }
}

/* A call of the runtime's that gets the worker, what else stands before the arguments, and those. */
static void write_worker_call(struct writer *writer, const struct call *call, const char *function, const char *more)
{
    emit_put(writer->emit, "%s(%s,%s", function, writer->worker, more);
    if (!write_line_ends(writer, call->word.end, call->arguments.start)
        && !is_blank(*text_at(writer, call->arguments.start)))
        emit_put(writer->emit, " ");
    write_arguments(writer, call);
    write_line_ends(writer, call->arguments.end, call->span.end);
    emit_put(writer->emit, ")");
}

/* A copy of the item, of which nobody takes the address in what runs when nothing fails. A record lies in memory. */
static const char *shown_item(struct writer *writer)
{
    const struct planned_stage *stage = writer->stage;

    if (stage->shown == SHOWN_RECORD)
        return text_format(writer->emit, " &%s,", stage->inputs[0].name);
    return text_format(writer->emit, " &(%s){ %s },", stage->shown_type, stage->inputs[0].name);
}

static void write_fail(struct writer *writer, const struct call *call)
{
    if (call->kind == CALL_FAIL_AFTER)
        write_worker_call(writer, call, "{ prt_fail_after", "");
    else if (writer->shows)
        write_worker_call(writer, call, "{ prt_fail_item", shown_item(writer));
    else
        write_worker_call(writer, call, "{ prt_fail", "");
    emit_put(writer->emit, "; return; }");
}

static void write_take(struct writer *writer, const struct call *call)
{
    if (call->keeps)
        emit_put(writer->emit, "(prt_taken(%s), ", writer->worker);
    emit_put(writer->emit, "PRT_TAKE(");
    write_line_ends(writer, call->word.end, call->arguments.start);
    write_range(writer, call->arguments.start, call->arguments.end);
    emit_put(writer->emit, call->keeps ? "))" : ")");
}

static void write_finish(struct writer *writer, const struct call *call)
{
    write_line_ends(writer, call->word.end, call->span.end);
    emit_put(writer->emit, "prt_finish(%s);", writer->worker);
}

/* An argument that is the name of an input, and so of the variable that gets the item. */
static void write_pulled(struct writer *writer, const struct argument *input, const char *before)
{
    emit_put(writer->emit, "%s", before);
    write_bytes(writer, input->span.start, input->span.end);
}

static void write_next(struct writer *writer, const struct call *call)
{
    const bool timed = call->kind == CALL_NEXT_FOR;
    const struct span input = call->list->span;

    emit_put(writer->emit, timed ? "$S_next_for" : "$S_next");
    write_pulled(writer, call->list, "_");
    emit_put(writer->emit, "(self,");
    if (!write_line_ends(writer, call->word.end, input.start))
        emit_put(writer->emit, " ");
    write_pulled(writer, call->list, "&");
    if (timed && call->time) {
        write_range(writer, input.end, call->time->span.start);
        emit_put(writer->emit, "%lld", (long long)call->ns);
        write_range(writer, call->time->span.end, call->arguments.end);
    } else {
        write_range(writer, input.end, call->arguments.end);
    }
    write_line_ends(writer, call->arguments.end, call->span.end);
    emit_put(writer->emit, ")");
}

/* Whether the arguments are all inputs of the stage, in their order. */
static bool names_all(const struct writer *writer, const struct call *call)
{
    const struct planned_stage *stage = writer->stage;
    const struct argument *argument = call->list;

    for (size_t i = 0; i < stage->ninputs && call->count == stage->ninputs; i++, argument = argument->next)
        if (strlen(stage->inputs[i].name) != argument->span.end - argument->span.start
            || strncmp(stage->inputs[i].name, text_at(writer, argument->span.start), strlen(stage->inputs[i].name)) != 0)
            return false;
    return call->count == stage->ninputs;
}

static void write_next_any(struct writer *writer, const struct call *call)
{
    uint32_t at = call->word.end;

    emit_put(writer->emit, "$S_next_any");
    for (const struct argument *argument = call->list; argument && !names_all(writer, call); argument = argument->next)
        write_pulled(writer, argument, "_");
    emit_put(writer->emit, "(self");
    for (const struct argument *argument = call->list; argument; at = argument->span.end, argument = argument->next) {
        emit_put(writer->emit, ",");
        if (!write_line_ends(writer, at, argument->span.start))
            emit_put(writer->emit, " ");
        write_pulled(writer, argument, "&");
    }
    write_line_ends(writer, at, call->span.end);
    emit_put(writer->emit, ")");
}

/* A call of the runtime's without arguments. */
static void write_simple(struct writer *writer, const struct call *call, const char *function)
{
    emit_put(writer->emit, "%s(%s)", function, writer->worker);
    write_line_ends(writer, call->word.end, call->span.end);
}

static void write_replaced(struct writer *writer, const struct call *call)
{
    switch (call->kind) {
    case CALL_EMIT:
    case CALL_EMIT_OK:
    case CALL_TRY_EMIT: write_emit(writer, call); break;
    case CALL_FAIL: write_fail(writer, call); break;
    case CALL_FINISH: write_finish(writer, call); break;
    case CALL_TAKE: write_take(writer, call); break;
    case CALL_STOP: write_simple(writer, call, "prt_stop"); break;
    case CALL_STOPPING: write_simple(writer, call, "prt_stopping"); break;
    case CALL_FAILED: write_simple(writer, call, "prt_failed"); break;
    case CALL_INTERRUPTED: write_simple(writer, call, "prt_interrupted"); break;
    case CALL_STATUS: write_worker_call(writer, call, "prt_status", ""); break;
    case CALL_TOTAL: write_worker_call(writer, call, "prt_total", ""); break;
    case CALL_WAIT_FOR: write_worker_call(writer, call, "prt_wait_for", ""); break;
    case CALL_FAIL_AFTER: write_fail(writer, call); break;
    case CALL_REMAINING: write_simple(writer, call, "prt_remaining"); break;
    case CALL_NEXT:
    case CALL_NEXT_FOR: write_next(writer, call); break;
    case CALL_NEXT_ANY: write_next_any(writer, call); break;
    }
}

/* Those that become statements of their own bring their end along. */
static void write_call(struct writer *writer, const struct call *call)
{
    const bool ends_itself = call->kind == CALL_EMIT || call_fails(call->kind) || call->kind == CALL_FINISH;

    write_replaced(writer, call);
    if (call->place == PLACE_STATEMENT && !ends_itself)
        emit_put(writer->emit, ";");
}

/* Without calls, but with what stands for words of a part. */
static void write_words(struct writer *writer, uint32_t from, uint32_t to)
{
    while (writer->swap && writer->swap->span.start < to) {
        const struct swap *swap = writer->swap;

        writer->swap = swap->next;
        if (swap->span.start < from)
            continue; /* of a call's own word, which is written otherwise */
        write_plain(writer, from, swap->span.start);
        emit_put(writer->emit, "%s", swap->text);
        write_line_ends(writer, swap->span.start, swap->span.end);
        from = swap->span.end;
    }
    write_plain(writer, from, to);
}

static void write_range(struct writer *writer, uint32_t from, uint32_t to)
{
    while (writer->next && writer->next->span.start < to) {
        const struct call *call = writer->next;

        writer->next = call->next;
        write_words(writer, from, call->span.start);
        write_call(writer, call);
        from = call->span.end;
    }
    write_words(writer, from, to);
}

static bool is_blank_text(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && is_blank(text[i]))
        i++;
    return i == len;
}

struct span code_trimmed(const struct emit *emit, struct span code)
{
    const char *text = sources_text(emit->plan->sources, code.start);
    const size_t len = code.end - code.start;
    struct span kept = code;

    for (size_t i = 0; i < len && is_blank(text[i]); i++)
        if (text[i] == '\n')
            kept.start = code.start + (uint32_t)i + 1;
    while (is_blank(text[kept.end - 1 - code.start]))
        kept.end--;
    return kept;
}

static void write_code(struct writer *writer, int indent, const char *end)
{
    struct emit *emit = writer->emit;
    const struct span code = writer->span;
    struct span kept;

    if (is_blank_text(writer->text, code.end - code.start)) {
        emit_put(emit, "%s", end);
        return;
    }
    kept = code_trimmed(emit, code);
    emit_line_of(emit, kept.start);
    if (kept.start == code.start) {
        while (is_blank(*text_at(writer, kept.start)))
            kept.start++;
        emit_put(emit, "%*s", indent, "");
    }
    write_range(writer, kept.start, kept.end);
    emit_put(emit, *text_at(writer, kept.end - 1) == '\\' ? "\n\n" : "\n");
    if (*end)
        emit_line_of(emit, code.end);
    emit_put(emit, "%s", end);
}

static struct writer writer_new(struct emit *emit, struct span code)
{
    return (struct writer){ .emit = emit, .span = code, .text = sources_text(emit->plan->sources, code.start) };
}

void emit_text(struct emit *emit, struct span code, int indent, const char *end)
{
    struct writer writer = writer_new(emit, code);

    write_code(&writer, indent, end);
}

/* What stands on the line of its brace has the column that it has in the file: what the C compiler says of a member names that. */
void emit_state(struct emit *emit, const struct body *state, const char *end)
{
    struct writer writer = writer_new(emit, state->span);
    const uint32_t first = state->span.start + (uint32_t)strspn(writer.text, " \t");
    const int indent = (int)sources_position(emit->plan->sources, first).column - 1;

    writer.swap = state->swaps;
    write_code(&writer, indent > 4 ? indent : 4, end);
}

/* A body may have a variable of its own under the item's name. */
bool code_shows_item(const struct body *body, const struct planned_stage *stage)
{
    return stage && body == stage->body && !stage->attempts && stage->shown != SHOWN_NOT && !stage->inputs[0].length
           && !(body_mentions(body, stage->inputs[0].name) & (MENTION_DECLARED | MENTION_MACRO));
}

void emit_body(struct emit *emit, const struct body *body, const struct planned_stage *stage)
{
    const bool block = params_are_hidden(emit, body);
    struct writer writer = writer_new(emit, body->span);

    writer.next = body->calls;
    writer.swap = body->swaps;
    writer.stage = stage;
    writer.worker = stage ? "&self->base" : "self->base";
    writer.shows = code_shows_item(body, stage);
    if (block)
        emit_put(emit, "    { /* variables may be called like params here */\n");
    write_code(&writer, 4, block ? "    }\n}\n" : "}\n");
    emit_line_here(emit);
}

void emit_stage_text(struct emit *emit, const struct planned_stage *stage, const struct body *body, uint32_t from,
                     uint32_t to)
{
    struct writer writer = writer_new(emit, body->span);

    writer.next = body->calls;
    writer.swap = body->swaps;
    while (writer.swap && writer.swap->span.start < from)
        writer.swap = writer.swap->next;
    writer.stage = stage;
    writer.worker = "&self->base";
    write_range(&writer, from, to);
}

/* In the column where it stands in the file, if what stands before has room: what the C compiler says of it names that. */
void emit_expression(struct emit *emit, const struct body *body, const char *before, const char *behind)
{
    const int column = (int)sources_position(emit->plan->sources, body->span.start).column - 1;
    const int indent = column - (int)strlen(before);
    struct writer writer = writer_new(emit, body->span);

    writer.next = body->calls;
    writer.swap = body->swaps;
    writer.worker = "&self->base";
    emit_line_of(emit, body->span.start);
    emit_put(emit, "%*s%s", indent > 4 ? indent : 4, "", before);
    write_range(&writer, body->span.start, body->span.end);
    emit_put(emit, "%s;\n", behind);
    emit_line_here(emit);
}

/* Whether C that stands for the body's calls says `self`. */
static bool calls_need_self(const struct body *body)
{
    for (const struct call *call = body->calls; call; call = call->next)
        if (call->kind != CALL_TAKE || call->keeps)
            return true;
    return false;
}

/* Whether what stands for a word of a part goes by way of the program. */
static bool swaps_need_pipe(const struct emit *emit, const struct body *body)
{
    for (const struct swap *swap = body->swaps; swap; swap = swap->next)
        if (strstr(swap->text, emit->way))
            return true;
    return false;
}

bool code_needs_self(struct emit *emit, const struct body *body)
{
    return calls_need_self(body) || body_names(body, "self") || code_needs_pipe(emit, body);
}

bool code_needs_pipe(struct emit *emit, const struct body *body)
{
    return params_read(emit, body) || swaps_need_pipe(emit, body);
}
