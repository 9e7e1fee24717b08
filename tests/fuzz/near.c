/* Draws programs from seeds: what people write, in unusual combinations, and what they nearly write.
 *
 *   near DIR FROM COUNT     DIR/whole-SEED.pipe, DIR/meets-SEED.pipe, or DIR/near-SEED.pipe for every other seed
 *
 * The parts that a program is made of stand in it, or in a file that it imports, DIR/….parts.
 *
 * A whole one is right, unless a proof refuses it: its C gives no warning. In one that meets, things have names that may
 * mean something to somebody else. A near one is either of them with one to three of its tokens left out, doubled, changed
 * or moved: it may be wrong, as one that meets may be, and then somebody says so in the author's own words.
 * tests/near.sh holds pipec to both, and tests/fuzz/fuzz.sh begins with some of them.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- chance ------------------------------------------------------------------------------------------------------ */

static uint64_t state;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return n ? (unsigned)((state >> 20) % n) : 0;
}

static bool chance(unsigned percent)
{
    return below(100) < percent;
}

#define PICK(list) ((list)[below(sizeof(list) / sizeof *(list))])

/* ---- what is known of the program -------------------------------------------------------------------------------- */

struct type {
    const char *name;
    const char *make;   /* an item from the int %s */
    const char *number; /* an int from the item %s */
    bool owned;
    const char *declared; /* a declaration that it needs */
};

static const struct type types[] = {
    { "int", "%s", "%s", false, NULL },
    { "int", "%s", "%s", false, NULL },
    { "long", "%s * 3L", "(int)%s", false, NULL },
    { "unsigned char", "(unsigned char)(%s)", "%s", false, NULL },
    { "unsigned long long", "(unsigned long long)(%s)", "(int)%s", false, NULL },
    { "size_t", "(size_t)(%s)", "(int)%s", false, NULL },
    { "double", "%s / 2.0", "(int)%s", false, NULL },
    { "bool", "(%s) > 1", "(1 + %s)", false, NULL },
    { "const char *", "(%s) ? \"a, b) {\" : \"\"", "%s[0]", false, NULL },
    { "struct point", "(struct point){ %s, 2 }", "%s.a", false, NULL },
    { "struct point *", "((void)(%s), (struct point *)0)", "(1 + (%s != 0))", false, NULL },
    { "pair", "(pair){ .a = %s, .b = { '}', ',', '\\'' } }", "(int)%s.a", false, NULL },
    { "enum color", "(%s) ? RED : GREEN", "(int)%s", false, NULL },
    { "string", "strdup((%s) ? \"x\" : \"emit(1);\")", "(int)strlen(%s)", true, NULL },
    { "bytes", "(struct prt_bytes){ malloc(4), (%s) ? 4 : 3 }", "(int)%s.len", true, NULL },
    { "card", "(struct card){ strdup(\"t\"), %s }", "%s.number", true,
      "type card = struct card drop card_drop clone card_clone;" },
    { "spot", "(spot){ .x = %s, .at.y = { 1, 2 } }", "%s.x", false,
      "record deep { double y[2]; char text[7]; } record spot { int x; deep at; }" },
    { "shop", "(shop){ .id = %s, .name = strdup(\"}\") }", "%s.id", true,
      "record shop { int id; string name: \"a } {\"; /* { */ string tags[]; bytes more[2]; }" },
    { "block", "block_new(%s)", "%s->n", true, "type block = struct block * drop block_free;" },
};
enum { NTYPES = sizeof types / sizeof *types, MOST = 24 };

/* Declared where something names them, in this order. */
static const struct declared {
    const char *name, *text;
} params[] = {
    { "depth", "param int depth = 4 in 1..64 \"how many wait\";" },
    { "hands", "param int hands = 2 in 1..8;" },
    { "pace", "param rate pace = 2/3s \"how \\\"fast\\\" */ it goes\";" },
    { "pause", "param duration pause = 1500us in 1us..1h;" },
    { "label", "param string label = \"a %d ?\?/ \\\\ b\" \"what stands first\";" },
    { "loud", "param bool loud = true;" },
    { "scale", "param double scale = -0.5 in -1..1000.5;" },
    { "chunk", "param size chunk = 64K in 1..1G;" },
    { "offset", "param long offset in -10..10 \"required\";" },
    { "shared", "rate shared = 1000/s burst 3;" },
    { "quick", "rate quick = pace burst depth;" },
    { "units", "bound units = 5;" },
    { "few", "bound few = hands;" },
};
enum { NPARAMS = sizeof params / sizeof *params };

struct channel {
    const struct type *type;
    char name[24];
};

static bool used_types[NTYPES], used[NPARAMS], has_pipe_state, imports;
static char base_name[64]; /* of the file, without its ending */
static struct channel channels[MOST];
static int nchannels, nopen, open_channels[MOST];
static FILE *out; /* what is being written */
static FILE *above; /* inline stages that stand above their senders */

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(out, format, arguments);
    va_end(arguments);
}

/* Between two tokens of a declaration. */
static const char *gap(void)
{
    static const char *const gaps[] = { "  ", "\n    ", "\t", " /* , { ; */ ", " // } \" '\n    ", "\n\n", "/**/ " };

    return chance(85) ? " " : PICK(gaps);
}

/* The words of `text` with gaps for its blanks; strings stay as they are. */
static void put_loose(const char *text)
{
    bool string = false;

    for (; *text; text++) {
        string ^= *text == '"' && text[-1] != '\\';
        put("%.*s", *text != ' ' || string, text);
        if (*text == ' ' && !string)
            put("%s", gap());
    }
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static char *filled(const char *format, const char *with)
{
    char *text = malloc(strlen(format) + strlen(with) + 1);
    const char *at = strstr(format, "%s");

    sprintf(text, "%.*s%s%s", (int)(at - format), format, with, at + 2);
    return text;
}

/* The text with another word for one, wherever it stands. */
static char *replaced(char *text, const char *word, const char *by)
{
    char *other = NULL;
    size_t len, end;
    FILE *to = open_memstream(&other, &len);

    for (size_t at = 0; text[at]; at = end) {
        for (end = at; isalnum((unsigned char)text[end]) || text[end] == '_'; end++)
            ;
        if (end == at)
            fputc(text[end++], to);
        else if (end - at == strlen(word) && memcmp(text + at, word, end - at) == 0)
            fputs(by, to);
        else
            fwrite(text + at, 1, end - at, to);
    }
    fclose(to);
    free(text);
    return other;
}

struct stage {
    char name[24], input[16];
    const struct type *type; /* of the input; NULL: a source */
    int outputs[3], noutputs;
    bool source, ticks, keeps; /* keeps: has a state with an int n */
    bool taken;
    bool one_worker;
    int depth;
};

/* An int that the body has. */
static char *number(const struct stage *stage)
{
    static const char *const plain[] = { "1", "0x7", "'{'", "(int)sizeof(int)", "2 /* ) */" };

    if (stage->type && chance(60))
        return filled(stage->type->number, stage->input);
    switch (below(8)) {
    case 0: return strdup("hands");
    case 1: return strdup("(int)scale");
    case 2: return strdup("(int)chunk");
    case 3: return strdup("(1 + loud)");
    case 4: return strdup("self->worker");
    case 5: return strdup(stage->keeps ? "self->n" : "7");
    case 6: return strdup(has_pipe_state ? "self->pipe->seen" : "8");
    default: return strdup(PICK(plain));
    }
}

static char *value(struct stage *stage, const struct type *type, bool once)
{
    char *n, *text;

    if (once && type->owned && type == stage->type && !stage->taken) {
        stage->taken = true;
        return filled("take(%s)", stage->input);
    }
    n = number(stage);
    text = filled(type->make, n);
    free(n);
    return text;
}

static char *emit_text(struct stage *stage, int output, bool once)
{
    const struct channel *channel = &channels[stage->outputs[output]];
    char *item = value(stage, channel->type, once), *text;
    static const char *const insides[] = { "", "", " ", "\n        ", "/* , */ " };
    const char *inside = PICK(insides);

    if (asprintf(&text, stage->noutputs > 1 ? "(%s%s,%s %s)" : "(%s%s%s%s)", inside,
                 stage->noutputs > 1 ? channel->name : "", stage->noutputs > 1 ? inside : "", item) < 0)
        abort();
    free(item);
    return text;
}

/* Statements that send to the output. The count that a promise may name, or NULL. */
static const char *put_emits(struct stage *stage, int output, bool promise)
{
    const unsigned form = below(promise ? 4 : 11);
    char *text = emit_text(stage, output, form == 0 && !promise ? false : form == 0);
    char *n = number(stage);
    const char *count = NULL;

    switch (form) {
    case 0: put("    emit%s;\n", text); count = "[1]"; break;
    case 1: put("    if (%s > 1)\n        emit%s;\n", n, text); count = "[0..1]"; break;
    case 2: put("    for (int i = 0; i < 2; i++)\n        emit%s;\n", text); count = "[2]"; break;
    case 3: put("    if (%s)\n        emit%s;\n    else\n        emit%s;\n", n, text, text); count = "[1]"; break;
    case 4: put("    switch (%s) {\n    case 1: emit%s; break;\n    default: { emit%s; }\n    }\n", n, text, text); break;
    case 5: put("    do emit%s; while (0);\n", text); break;
    case 6: put("    if (!emit_ok%s)\n        return;\n", text); break;
    case 7: put("#if %u\n    emit%s;\n#else\n    emit%s; {\n    }\n#endif\n", below(2), text, text); break;
    case 8: put("    { const char *s = \"emit(1); }\"; if (s[0] == '\"') { emit%s; } }\n", text); break;
    case 9: put("    while (%s > 100) {\n        emit%s;\n        break;\n    }\n", n, text); break;
    default: put("    if (%s > 5) goto done_%d;\n    emit%s;\ndone_%d:;\n", n, stage->depth, text,
                 stage->depth); break;
    }
    free(text);
    free(n);
    return count;
}

static void put_noise(struct stage *stage)
{
    char *n = number(stage);

    switch (below(14)) {
    case 0: put("    /* emit(2); } */ // fail(\"x\"\n"); break;
    case 1: put("    if (stopping() && %s > 3)\n        return;\n", n); break;
    case 2: put("    if (%s == 77)\n        fail(\"no %%d, \\\"%%s\\\" }\", %s, \"{\");\n", n, n); break;
    case 3: if (stage->keeps) put("    self->n += %s;\n", n); break;
    case 4: put("#ifdef NEVER\n    never = compiled();\n#endif\n"); break;
    case 5: put("    static const char text_%u[] = \"}\\\"{\" \"//\"; (void)text_%u;\n", stage->depth, stage->depth); break;
    case 6: put("    {\n        const int local = %s;\n\n        (void)local;\n    }\n", n); break;
    case 7: put("    if (!label[0])\n        stop();\n"); break;
    case 8: put("    (void)(pause + 1);\n"); break;
    case 9: put("    (void)(offset * 2);\n"); break;
    case 10: put("    const int \\\n        spliced_%u = %s; (void)spliced_%u;\n", stage->depth, n, stage->depth); break;
    case 11: if (stage->ticks) put("    if (%s > 2) { finish(); }\n", n); break;
    case 12: put("    (void)(struct point){ .a = %s, .b = sizeof(struct { int emit; }) };\n", n); break;
    default: break;
    }
    stage->depth++;
    free(n);
}

static void put_body(struct stage *stage, bool promise, char counts[3][16])
{
    if (stage->type) /* else it is not used */
        put("    (void)%s;\n", stage->input);
    for (int n = (int)below(3); n > 0 && !promise; n--)
        put_noise(stage);
    for (int i = 0; i < stage->noutputs; i++) {
        const char *count;

        stage->depth += 10;
        count = put_emits(stage, i, promise);
        snprintf(counts[i], 16, "%s", count && (promise || chance(0)) ? count : "");
        if (!promise && chance(30) && i + 1 < stage->noutputs)
            put_noise(stage);
    }
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

static void put_bound(void)
{
    static const char *const bounds[] = { "units", "few" };

    if (chance(50))
        put("%sbound %s%s", gap(), PICK(bounds), "");
    else
        put("%sbound%s%u", gap(), gap(), 1 + below(4));
}

static void put_rate(void)
{
    static const char *const rates[] = { "5000/s", "1/200us", "20K/s", "shared", "quick", "pace" };
    const char *rate = PICK(rates);

    put("%srate %s", gap(), rate);
    if (chance(30) && (isdigit((unsigned char)*rate) || strcmp(rate, "pace") == 0))
        put("%sburst %u", gap(), 1 + below(5));
}

static void put_options(const struct stage *stage, bool is_inline)
{
    bool workers = false;

    if (is_inline)
        put("%sinline", gap());
    if (stage->ticks)
        put("%severy%s%s", gap(), gap(), chance(50) ? "10ms" : "pause");
    if (!is_inline && stage->type && !stage->one_worker && chance(40)) {
        static const char *const counts[] = { "2", "3", "auto", "hands" };

        workers = true;
        put("%sworkers %s", gap(), PICK(counts));
    }
    if (!is_inline && chance(20))
        put_rate();
    if (!is_inline && stage->type && chance(20)) {
        char *n = filled(stage->type->number, stage->input);

        put_bound();
        if (chance(50))
            put("%sweight (%s + 1 /* ) */)", gap(), n);
        free(n);
    }
    if (workers && stage->noutputs > 0 && chance(30))
        put("%sordered", gap());
    if (!is_inline && chance(10))
        put("%sblocking", gap());
    if (chance(25))
        put("%son fail then %s", gap(), chance(50) ? "skip" : "stop");
    put("%s", gap());
}

static void put_sections(struct stage *stage, bool before)
{
    if (before && stage->keeps)
        put("state {\n    int n;\n    const char *kept; // }\n}\n");
    if (chance(20) && before)
        put("init {\n    (void)self->worker;\n    if (self->worker > 1000)\n        fail(\"many\");\n}\n");
    if (!before && stage->keeps && chance(40))
        put("final {\n    if (!failed())\n        printf(\"%%d}\\n\", self->n);\n}\n");
}

/* One of a type that is drawn, where none is given. */
static int new_channel(const struct type *type)
{
    static const char *const caps[] = { "[1]", "[16]", "[8]", "[0]", "[*]", "[depth]", "[ 4 ]" };
    struct channel *channel = &channels[nchannels];
    const char *cap = PICK(caps);

    channel->type = type ? type : &types[below(NTYPES)];
    used_types[channel->type - types] = true;
    snprintf(channel->name, sizeof channel->name, "%c%s%d", 'a' + nchannels, below(2) ? "_lane" : "Items", nchannels);
    put("channel%s%s%s%s%s%s;\n", gap(), channel->type->name, gap(), channel->name, gap(), cap);
    open_channels[nopen++] = nchannels;
    return nchannels++;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

static const struct part {
    const char *name, *needs; /* a part that stands in it */
    int noutputs;
    bool gives_int, clones, takes_options, one_worker;
    const char *text;
} parts[] = {
    { "pass", NULL, 1, false, false, true, false,
      "part pass \"hands on \\\"all\\\" } {\" {\n    type T; input channel T IN[]; output channel T OUT[];\n"
      "    stage pass (IT <- IN) -> OUT[1]  workers 1 {\n        emit(take(IT));\n    }\n}\n" },
    { "sieve", NULL, 1, false, false, true, false,
      "part sieve {\n    type T;\n    param bool test(IN) = (sizeof(T) > 0 /* ) */) \"what ) must hold\";\n"
      "    input channel T IN[];\n    output channel T OUT[];\n    stage sieve (IT <- IN) -> OUT[0..1]  workers 1 {\n"
      "        const char *s = \"T test\"; // T\n        if (test(IT) && s[0] != 'x')\n            emit(take(IT));\n    }\n}\n" },
    { "keep", NULL, 1, false, false, true, true,
      "part keep \"the last one\" {\n    type T;\n    input channel T IN[];\n    output channel T OUT[];\n"
      "    stage keep (IT <- IN) -> OUT\n    state {\n        T kept; bool has; // T\n    }\n    {\n"
      "        T_drop(&self->kept);\n        self->kept = take(IT);\n        self->has = true;\n    }\n    final {\n"
      "        if (self->has)\n            emit(take(self->kept));\n    }\n}\n" },
    { "twice", NULL, 1, false, true, true, false,
      "part twice {\n    type T;\n    input channel T IN[];\n    output channel T OUT[];\n"
      "    stage twice (IT <- IN) -> OUT[2]  workers 2\n    functions {\n        static T copy(const T *from)\n        {\n"
      "            T (*const how)(const T *) = T_clone;\n\n            return how(from);\n        }\n    }\n    {\n"
      "        T one = copy(&IT), *at = &one;\n\n        emit(*at);\n        emit(take(IT));\n    }\n}\n" },
    { "limit", NULL, 1, false, false, true, true,
      "part limit \"passes the first ones\" {\n    type T;\n    param long most = 3 in 1..1000;\n    param string words[];\n"
      "    param duration pause = 1ms;\n    param bool loud = false;\n    input channel T IN[];\n    output channel T OUT[];\n"
      "    stage limit (IT <- IN) -> OUT[0..1]\n    state {\n        long seen;\n    }\n    {\n"
      "        if (self->seen++ < most + (long)words_len && (loud || pause >= 0 || words[0]))\n            emit(take(IT));\n"
      "    }\n}\n" },
    { "number", NULL, 1, true, false, true, false,
      "part number {\n    type T;\n    input channel T IN[];\n    output channel int OUT[];\n    param int value(IN);\n"
      "    stage number (IT <- IN) -> OUT  workers 1 {\n        const int n = value(IT);\n\n        T_drop(&IT);\n"
      "        emit(n);\n    }\n}\n" },
    { "split", NULL, 2, false, false, true, false,
      "part split {\n    type T;\n    input channel T IN[];\n    output channel T good[];\n    output channel T bad[];\n"
      "    param bool test(IN) = (1);\n    stage split (IT <- IN) -> good, bad  workers 1 {\n        if (test(IT))\n"
      "            emit(good, take(IT));\n        else\n            emit(bad, take(IT));\n    }\n}\n" },
    { "count", NULL, 0, false, false, false, true,
      "part count \"how many\" {\n    type T;\n    input channel T IN[];\n    param bool test(IN) = (1);\n    state {\n"
      "        long seen; T *none;\n    }\n    final {\n        (void)self->pipe->seen;\n    }\n"
      "    stage counts (IT <- IN) {\n        self->pipe->seen += test(IT) && !self->pipe->none;\n    }\n}\n" },
    { "group", "sieve", 1, false, false, false, false,
      "part group {\n    type T;\n    rate quickly = 20K/s;\n    bound lock = 3;\n    param int depth = 4 in 1..64;\n"
      "    param bool test(OUT) = (sizeof OUT > 0);\n    input channel T IN[];\n    output channel T OUT[];\n"
      "    channel T mid[depth];\n    state { long seen; }\n    init { self->pipe->seen = 1; }\n"
      "    stage first (IT <- IN) -> mid  rate quickly  bound lock weight (1 + (int)sizeof(T) % 2) {\n"
      "        __atomic_add_fetch(&self->pipe->seen, 1, __ATOMIC_RELAXED);\n        emit(take(IT));\n    }\n"
      "    stage group (one <- mid) -> OUT  workers 1 = sieve(test = (test(one)));\n}\n" },
};
enum { NPARTS = sizeof parts / sizeof *parts };

static bool used_parts[NPARTS];
static const char *part_words[4]; /* what T, in, out and it are called in them */

static void draw_part_words(void)
{
    static const char *const words[4][4] = { { "T", "T", "row_t", "Item" }, { "in", "in", "from", "rows" },
                                             { "out", "out", "to", "made" }, { "it", "x", "item_in", "one_" } };

    for (int i = 0; i < 4; i++)
        part_words[i] = words[i][below(4)];
}

static void use_part(const char *name)
{
    for (int i = 0; i < NPARTS; i++)
        if (strcmp(parts[i].name, name) == 0)
            used_parts[i] = true;
}

static bool has_parts(void)
{
    for (int i = 0; i < NPARTS; i++)
        if (used_parts[i])
            return true;
    return false;
}

static void put_parts(void)
{
    static const char *const plain[4] = { "T", "IN", "OUT", "IT" };
    static const char *const endings[] = { "_drop", "_clone" };

    for (int i = 0; i < NPARTS; i++) {
        char *text = strdup(parts[i].text);

        for (int word = 0; word < 4 && used_parts[i]; word++)
            text = replaced(text, plain[word], part_words[word]);
        for (int ending = 0; ending < 2 && used_parts[i]; ending++) {
            char from[16], by[32];

            snprintf(from, sizeof from, "T%s", endings[ending]);
            snprintf(by, sizeof by, "%s%s", part_words[0], endings[ending]);
            text = replaced(text, from, by);
        }
        if (used_parts[i])
            put("%s", text);
        free(text);
    }
}

/* An int over the item and the params of the program. */
static char *expression(const char *item, const struct type *type)
{
    static const char *const plain[] = { "hands", "(int)scale", "(1 + loud)", "')'", "(int)chunk", "label[0]", "2 /* ) */" };

    return chance(60) ? filled(type->number, item) : strdup(PICK(plain));
}

/* One with as many outputs that can be made of the type; NULL: none. */
static const struct part *part_for(const struct type *type, int noutputs)
{
    for (int tries = 0; tries < 8; tries++) {
        const struct part *part = &parts[below(NPARTS)];

        if (part->noutputs == noutputs && !(part->clones && strcmp(type->name, "block") == 0))
            return part;
    }
    return NULL;
}

static void put_given(const struct stage *stage, const struct part *part)
{
    static const char *const limits[] = { "most = 7", "most = depth", "words = [\"a, b)\", \"\\\"}\"]", "pause = pause",
                                          "loud = loud", "words = []", "pause = 5us, loud = true" };
    const char *item = strcmp(part->name, "group") == 0 ? part_words[2] : stage->input;
    char *text = expression(item, stage->type);

    use_part(part->name);
    if (part->needs)
        use_part(part->needs);
    put("%s(", part->name);
    if (strstr(part->text, "param bool test(") && chance(70))
        put("test%s=%s(%s > 2)", gap(), gap(), text);
    else if (strcmp(part->name, "number") == 0)
        put("value = (%s)", text);
    else if (strcmp(part->name, "limit") == 0 && chance(70))
        put("%s", PICK(limits));
    else if (strcmp(part->name, "group") == 0 && chance(50))
        put("depth = %s", chance(50) ? "depth" : "9");
    put(")");
    free(text);
}

/* What an end of the part is called, where it is named: always, where there are several. */
static const char *end_name(const struct part *part, int output)
{
    static const char *const ends[] = { "good", "bad" };

    return !part ? "" : part->noutputs > 1 ? ends[output] : chance(20) ? part_words[2] : "";
}

/* Writes a stage that takes the open channel `from`; -1: a source. Its channels go to `declarations`. */
static void put_stage(int number_of, int from, int noutputs, FILE *declarations)
{
    struct stage stage = { .type = from >= 0 ? channels[from].type : NULL, .noutputs = noutputs };
    const struct part *part = from >= 0 && chance(25) ? part_for(channels[from].type, noutputs) : NULL;
    const bool promise = noutputs > 0 && chance(30), named = part && chance(20);
    const bool is_inline = !part && from >= 0 && chance(15);
    char counts[3][16] = { "" }, *body = NULL;
    int merged = -1;
    size_t len;
    FILE *file = out;

    snprintf(stage.name, sizeof stage.name, "%s%d", below(2) ? "do_it" : "Step", number_of);
    snprintf(stage.input, sizeof stage.input, "%s", below(2) ? "x" : "item_in");
    stage.ticks = from < 0 && chance(30);
    stage.keeps = !part && chance(40);
    stage.one_worker = part && part->one_worker;
    out = declarations;
    for (int i = 0; i < noutputs; i++)
        stage.outputs[i] = new_channel(!part ? NULL : part->gives_int ? &types[0] : stage.type);
    out = open_memstream(&body, &len);
    if (!part)
        put_body(&stage, promise, counts);
    fclose(out);
    out = file;
    for (int i = 0; from >= 0 && i < nopen - noutputs && !is_inline && merged < 0; i++)
        if (channels[open_channels[i]].type == stage.type && chance(60)) {
            merged = open_channels[i];
            memmove(open_channels + i, open_channels + i + 1, (size_t)(nopen - i - 1) * sizeof *open_channels);
            nopen--;
        }
    if (is_inline && chance(40))
        out = above;
    put("stage%s%s%s", gap(), stage.name, gap());
    if (from >= 0)
        put("(%s%s<-%s%s%s%s%s%s)%s", stage.input, gap(), gap(), named ? part_words[1] : "", named ? ": " : "",
            channels[from].name, merged >= 0 ? " | " : "", merged >= 0 ? channels[merged].name : "", gap());
    for (int i = 0; i < noutputs; i++) {
        const char *end = end_name(part, i);

        put("%s%s%s%s%s%s", i > 0 ? ", " : "-> ", end, *end ? ": " : "", channels[stage.outputs[i]].name, counts[i],
            gap());
    }
    if (!part || part->takes_options)
        put_options(&stage, is_inline);
    if (part) {
        put("= ");
        put_given(&stage, part);
        put(";\n");
    } else {
        put_sections(&stage, true);
        put("{\n%s}\n", body);
        put_sections(&stage, false);
    }
    put("\n");
    out = file;
    free(body);
}

/* ---- a program --------------------------------------------------------------------------------------------------- */

/* The word stands in the text. */
static bool mentions(const char *text, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at++)
        if ((at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
            !(isalnum((unsigned char)at[len]) || at[len] == '_'))
            return true;
    return false;
}

/* ---- names that meet --------------------------------------------------------------------------------------------- */

/* Gives some of what the program declares the names of the C library, of its macros, of what pipec writes, and of the
 * language. None of them is a function that a body calls. */
static char *renamed(char *text)
{
    static const char *const names[] = {
        "create", "yield", "timer", "sched", "size", "t", "read", "write", "abs", "time", "log", "exit", "index", "div",
        "main", "signal", "stat", "SIZE", "MAX", "RED", "EOF", "RAND_MAX", "SIZE_MAX", "BUFSIZ", "NULL", "errno", "stdin",
        "linux", "unix", "and", "atomic", "store", "load", "sent", "at", "len", "owned", "empty", "unused", "noinline",
        "cleanup", "run", "name", "kind", "cap", "base", "item", "value", "params", "self", "ahead", "int", "in", "emit",
        "take", "block", "point", "card", "pair", "color", "prt", "prt_run", "drawn_", "wire", "weight", "string",
    };
    static const char *const words[] = {
        "pipeline", "stage", "channel", "workers", "rate", "bound", "every", "final", "state", "init", "drop", "inline",
        "worker", "pipe", "param", "burst", "ordered",
    };
    static const char *const declared[] = {
        "drawn", "depth", "hands", "pace", "pause", "label", "loud", "scale", "chunk", "offset", "shared", "quick",
        "units", "few", "x", "item_in", "do_it0", "Step0", "do_it1", "Step1", "do_it2", "Step2", "a_lane0", "aItems0",
        "b_lane1", "bItems1", "c_lane2", "cItems2", "T", "row_t", "in", "out", "it", "pass", "sieve", "limit", "group",
        "test", "mid", "most",
    };

    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
        const bool word = chance(20); /* stands in the program anyway, though not in its C */
        const char *name = word ? PICK(words) : PICK(names);

        if (chance(80) || !mentions(text, declared[i]) || (!word && mentions(text, name)))
            continue;
        text = replaced(text, declared[i], name);
    }
    return text;
}

/* The declarations come after those that use them, backwards. */
static void find_used(const char *lines, const char *stages, const char *first)
{
    for (int i = NPARAMS - 1; i >= 0; i--) {
        used[i] = mentions(lines, params[i].name) || mentions(stages, params[i].name)
                  || mentions(first, params[i].name);
        for (int j = i + 1; j < NPARAMS; j++)
            used[i] |= used[j] && mentions(params[j].text, params[i].name);
    }
}

static void put_declarations(void)
{
    for (int i = 0; i < NTYPES; i++)
        if (used_types[i] && types[i].declared) {
            put_loose(types[i].declared);
            put("\n");
        }
    for (int i = 0; i < NPARAMS; i++)
        if (used[i]) {
            put_loose(params[i].text);
            put("\n");
        }
    if (has_pipe_state)
        put("state {\n    int seen; /* } */\n}\ninit {\n    self->pipe->seen = 1;\n}\n");
}

static char *draw(uint64_t seed)
{
    char *text = NULL, *lines = NULL, *stages = NULL, *first = NULL;
    size_t len;
    FILE *declarations = open_memstream(&lines, &len), *whole = open_memstream(&text, &len);
    int number_of = 0;
    const int wanted = 2 + (int)below(6);

    memset(used_types, 0, sizeof used_types);
    memset(used_parts, 0, sizeof used_parts);
    draw_part_words();
    nchannels = nopen = 0;
    has_pipe_state = chance(25);
    above = open_memstream(&first, &len);
    out = open_memstream(&stages, &len);
    for (int n = 1 + (int)below(2); n > 0; n--)
        put_stage(number_of++, -1, 1 + (int)below(2), declarations);
    while (nopen > 0) {
        const int at = (int)below((unsigned)nopen), from = open_channels[at];

        open_channels[at] = open_channels[--nopen];
        number_of++;
        put_stage(number_of, from, number_of < wanted && nchannels < MOST - 4 ? (int)below(3) : 0, declarations);
    }
    fclose(out);
    fclose(above);
    fclose(declarations);
    find_used(lines, stages, first);
    out = whole;
    imports = chance(50);
    if (imports)
        put_parts();
    put("\1\n"); /* here they end: see main() */
    put("// Drawn from seed %llu.\n", (unsigned long long)seed);
    if (chance(50))
        put_loose("pipeline drawn \"draws, with \\\"quotes\\\" and */ and %d\";\n");
    else
        put("pipeline%sdrawn;\n", gap());
    put("include \"near.h\";\n");
    if (imports && has_parts())
        put("import%s\"%s.parts\";\n", gap(), base_name);
    if (!imports)
        put_parts();
    if (chance(30))
        put("%%{\n/* %%%% { */\nenum { IN_PROLOGUE_%u = '}' };\n%%}\n", below(9));
    put_declarations();
    put("%s%s%s", lines, first, stages);
    fclose(whole);
    free(lines);
    free(stages);
    free(first);
    return text;
}

/* ---- damage by tokens -------------------------------------------------------------------------------------------- */

struct token {
    size_t at, len;
};

static size_t tokens_of(const char *text, struct token *tokens, size_t most)
{
    size_t n = 0;

    for (size_t at = 0; text[at] && n < most;) {
        size_t end = at + 1;

        if (isspace((unsigned char)text[at])) {
            at++;
            continue;
        }
        if (isalnum((unsigned char)text[at]) || text[at] == '_')
            while (isalnum((unsigned char)text[end]) || text[end] == '_')
                end++;
        tokens[n++] = (struct token){ at, end - at };
        at = end;
    }
    return n;
}

/* Another token; if it is found soon, one of the same kind. */
static struct token token_like(const char *text, const struct token *tokens, size_t n, struct token one)
{
    struct token other = one;

    for (int tries = 0; tries < 8; tries++) {
        other = tokens[below((unsigned)n)];
        if ((isalpha((unsigned char)text[one.at]) != 0) == (isalpha((unsigned char)text[other.at]) != 0) &&
            (other.len != one.len || memcmp(text + one.at, text + other.at, one.len) != 0))
            break;
    }
    return other;
}

static const char *const pieces[] = {
    ";", ",", "(", ")", "{", "}", "[", "]", "<-", "->", "=", "*", "|", "1", "0", "2", "auto", "int", "string", "bytes",
    "x", "self", "emit", "take", "workers 2", "ordered", "inline", "blocking", "every 1ms", "depth", "hands", "pace",
    "units", "shared", "const", "static", "return;", "break;", "if (1)", "else", "for (;;)", "stop();", "finish();",
    "fail(\"x\");", "stopping()", "status(1);", "total(9);", "interrupted()", "wait_for(-1, 0, 1ms)", "fail_after(1ms, \"x\");", "remaining()", "timeout 1s", "on fail retry 2 backoff 1ms..1s", "on fail then -> a", "dead", "[1]", "[0..1]", "[*]", "drop", "clone", "free", "struct", "long", "/* */", "//\n",
    "on fail then skip", "rate 5/s", "bound 2", "#define D 1\n", "\\\n", "state { int q; }", "final { }", "a_lane0",
    "aItems0", "x_len", "do_it1", "Step1", "label", "emit(1);", "emit_ok(1);", "try_emit(1);", "(void)0;", "\"text\"", "'c'", "1.5",
    "= pass()", "= sieve(test = (1))", "T", "in", "out", "test(x)", "T_drop(&x);", "T_clone(&x)", "self->pipe->seen", "type U;",
    "part p { }", "param int q = 1;", "param bool r(in);", "test = (0)", "most = 1", "in:", "good:",
};

static char *damaged(char *text)
{
    for (unsigned n = chance(70) ? 1 : 2 + below(2); n > 0; n--) {
        static struct token tokens[20000];
        const size_t ntokens = tokens_of(text, tokens, 20000);
        const struct token one = tokens[below((unsigned)ntokens)];
        const struct token other = token_like(text, tokens, ntokens, one);
        const char *with = text + other.at;
        int len = (int)other.len, gone = (int)one.len;
        char *more;

        switch (below(5)) {
        case 0: len = 0; break;
        case 1: gone = 0; with = text + one.at; len = (int)one.len; break;
        case 2: with = PICK(pieces); len = (int)strlen(with); gone = chance(50) ? gone : 0; break;
        default: break;
        }
        if (asprintf(&more, "%.*s%.*s %s", (int)one.at, text, len, with, text + one.at + gone) < 0)
            abort();
        free(text);
        text = more;
    }
    return text;
}

static void write_file(const char *directory, const char *ending, const char *text, size_t len)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.%s", directory, base_name, ending);
    file = fopen(path, "w");
    if (!file || fwrite(text, 1, len, file) < len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* The parts that are imported end at the sign, unless it was damaged. */
static void write_program(const char *directory, char *text)
{
    char *sign = strchr(text, '\1');

    if (sign && sign == strrchr(text, '\1')) {
        if (sign > text)
            write_file(directory, "parts", text, (size_t)(sign - text));
        text = sign + 1;
    }
    for (char *at = text; (at = strchr(at, '\1'));)
        *at = '\n';
    write_file(directory, "pipe", text, strlen(text));
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    for (unsigned long seed = strtoul(argv[2], NULL, 10), n = strtoul(argv[3], NULL, 10); n > 0; n--, seed++) {
        const bool near = seed % 2, meets = seed / 2 % 2;
        char *text;

        state = (seed / 2 + 1) * 0x9e3779b97f4a7c15u;
        below(1);
        snprintf(base_name, sizeof base_name, "%s-%lu", near ? "near" : meets ? "meets" : "whole", seed);
        text = draw(seed);
        if (meets)
            text = renamed(text);
        if (near)
            text = damaged(text);
        write_program(argv[1], text);
        free(text);
    }
    return 0;
}
