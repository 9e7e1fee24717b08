/* The grammar of .pipe files. Each action is one call of a builder (ast.h).
 *
 * Words are keywords only where the grammar wants one: `name` is every word but `auto`. Lists are left-recursive, so
 * that the parser's stack stays small whatever the file.
 *
 * After an error, which takes back the declaration it stands in, the parser goes on behind `;`, behind C text in
 * braces, behind `}`, or at a declaration's word at the start of a line. That word itself cannot end the skipping, for
 * it must be read again: the scanner's side sends RESTART before it.
 *
 * Where only a `;` was missing before such a word, the file is read once more with it, so that nothing is lost.
 */
%define api.pure full
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param { struct parse *parse }

%code requires {
#include "tree/test.h"

struct parse;
}

%union {
    struct name name;
    struct value value;
    struct code code;
    struct range range;
    struct owning owning;
    struct word *words;
    struct field *field;
    struct channel *channel;
    struct source_ref *sources;
    struct input *input;
    struct output *output;
    struct stage *stage;
    struct rate_option *rate;
    struct bound_option *bound;
    struct fail_option *fail;
    struct given *given;
    struct text *texts;
    struct test_item *items;
    struct test_line *line;
    bool flag;
}

%code {
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "scan.h"
#include "text/readable.h"
#include "text/suggest.h"

int scan_lex(YYSTYPE *value, YYLTYPE *at, void *scanner);

/* A token as the scanner gave it. */
struct token {
    int kind;
    YYSTYPE value;
    struct span at;
};

#define REPAIRS_MAX 64
#define PASSES_MAX 8 /* times that a file is read */

/* Where a `;` is missing: the offsets of the words before which one belongs, in the order of the file. */
struct repairs {
    uint32_t at[REPAIRS_MAX];
    size_t n;
};

struct parse {
    struct ast *ast;
    struct repairs *repairs;
    size_t repaired;     /* of them are given */
    bool put_back;       /* `last` follows the `;` that was given */
    struct scan scan;
    void *scanner;
    struct token last;   /* what the parser looks at */
    uint32_t before;     /* where the token before it ends */
    bool restart;        /* `last` is to be read again, behind RESTART */
    bool again;          /* RESTART is given; `last` comes next */
};

#define YYLLOC_DEFAULT(at, rhs, n) \
    ((at) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) \
                : (struct span){ YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end })

static int yylex(YYSTYPE *value, YYLTYPE *at, struct parse *parse);
static void yyerror(const YYLTYPE *at, struct parse *parse, const char *text);
}

/* The numbers of signs are their letters, which is what the scanner gives. */
%token
    SEMICOLON 59 ";" COMMA 44 "," PIPE 124 "|" GREATER 62 ">" EQUAL 61 "=" STAR 42 "*"
    OPEN 40 "(" CLOSE 41 ")" OPEN_SQUARE 91 "[" CLOSE_SQUARE 93 "]" OPEN_BRACE 123 "{" CLOSE_BRACE 125 "}"
    DOTDOT ".." ARROW "->" LARROW "<-" COLON 58 ":"
    RESTART "a declaration at the start of a line"
    YYEOF 0 "the end of the file"

%token <code> C_BLOCK "C in { }" C_EXPRESSION "C in ( )" PROLOGUE "%{"

%token <value>
    INT "a whole number" DOUBLE "a number" DURATION "a duration" SIZE "a size" SPEED "a rate (5/s)" STRING "a string"

/* Keywords follow names, from AUTO to WORKERS. */
%token <name>
    HEADER "a header" IMPORTED "a file in <> or in quotes" ID "a name"
    AUTO "auto" BACKOFF "backoff" BLOCKING "blocking" BOUND "bound" BROADCAST "broadcast" BURST "burst" BY "by"
    CHANNEL "channel" CLONE "clone" COST "cost" DAEMON "daemon" DEAD "dead" DRAIN "drain" DROP "drop" EVERY "every" FAIL "fail"
    FINAL "final" FLUSH "flush" FUNCTIONS "functions" IMPORT "import" IN "in" INCLUDE "include" INIT "init" INLINE "inline"
    INPUT "input" LINK "link" NEWEST "newest" OLDEST "oldest" ON "on" ORDERED "ordered" OUTPUT "output" PARAM "param"
    PART "part" PER "per"
    PIPELINE "pipeline" PULL "pull" RATE "rate" RECORD "record" RETRY "retry" RUN "run" SKIP "skip" STAGE "stage" STATE "state"
    STOP "stop" TEST "test" THEN "then" TIMEOUT "timeout" TYPE "type" UNORDERED "unordered" WEIGHT "weight"
    WITHIN "within" WORKERS "workers"

%type <name> name other_name word
%type <value> doc default count ahead capacity size time rate value number burst
%type <range> range
%type <owning> owning
%type <flag> operands
%type <words> words type_words ends
%type <field> fields field
%type <channel> channel
%type <sources> source merged preferred
%type <input> sources input_start input inputs input_list
%type <output> output output_name output_list outputs
%type <stage> options sections stage
%type <rate> rate_option
%type <bound> bound_option
%type <fail> fail_option retry attempts
%type <code> function_default
%type <given> given given_list one_given
%type <texts> texts text_list
%type <items> items item_list test_item
%type <line> line

/* The sections behind a stage's body belong to it, not to the pipeline; nor is one a channel of a test that is called so. */
%precedence WHOLE
%precedence FUNCTIONS STATE INIT FINAL FLUSH

%%

file: %empty | file declaration;

declaration:
    item
  | error RESTART                           { yyerrok; }
  | skipped %prec WHOLE
  ;

/* What may stand in a file, and between the braces of a part. Which of them may not stand in a part, and which only there,
 * is a check: it can say more than "expected …, found …". */
item:
    ";"
  | PIPELINE name doc ";"                   { ast_pipeline(parse->ast, $name, $doc, (struct value){ 0 }); }
  | PIPELINE name doc DRAIN time ";"        { ast_pipeline(parse->ast, $name, $doc, $time); }
  | INCLUDE HEADER ";"                      { ast_include(parse->ast, @$, $HEADER); }
  | PROLOGUE                                { ast_prologue(parse->ast, @$, $PROLOGUE); }
  | LINK STRING ";"                         { ast_link(parse->ast, @$, $STRING); }
  | IMPORT IMPORTED ";"                     { ast_import(parse->ast, @$, $IMPORTED); }
  | part "}"                                { parse->ast = ast_part_close(parse->ast, @2, true); }
  | part error "}"                          { parse->ast = ast_part_close(parse->ast, @3, false); yyerrok; }
  | part error RESTART                      { parse->ast = ast_part_close(parse->ast, @3, false); yyerrok; }
  | PARAM name[type] name operands default range doc ";"
                                    { ast_param(parse->ast, @$, $type, $3, $operands, $default, $range, $doc); }
  | PARAM name[type] name "(" ends ")" function_default doc ";"
                                    { ast_param_function(parse->ast, @$, $type, $3, $ends, $function_default, $doc); }
  | TYPE name "=" type_words owning ";"     { ast_type(parse->ast, @$, $name, $type_words, $owning); }
  | TYPE name ";"                           { ast_type_given(parse->ast, @$, $name); }
  | RECORD name "{" fields "}"              { ast_record(parse->ast, @$, $name, $fields); }
  | RECORD name "{" fields error "}"        { yyerrok; }
  | RECORD name "{" fields error RESTART    { yyerrok; }
  | RECORD name ";"                         { ast_record_given(parse->ast, @$, $name); }
  | channel ";"                             { ast_channel(parse->ast, @$, $channel); }
  | INPUT channel ";"                       { ast_channel(parse->ast, @$, channel_input($channel, @INPUT)); }
  | OUTPUT channel ";"                      { ast_channel(parse->ast, @$, channel_output($channel, @OUTPUT)); }
  | RATE name "=" rate burst ";"            { ast_rate(parse->ast, @$, $name, $rate, $burst); }
  | RATE name ";"                           { ast_rate_given(parse->ast, @$, $name); }
  | BOUND name "=" count ";"                { ast_bound(parse->ast, @$, $name, $count); }
  | BOUND name ";"                          { ast_bound_given(parse->ast, @$, $name); }
  | stage %prec WHOLE                       { ast_stage(parse->ast, @$, $stage); }
  | sections "=" name ";"                   { ast_stage(parse->ast, @$, stage_function($sections, $name)); }
  | sections "=" name "(" given ")" ";"
                    { ast_stage(parse->ast, @$, stage_made($sections, parse->ast, $name, span_join(@name, @6), $given)); }
  | STATE C_BLOCK                           { ast_section(parse->ast, @$, DECL_STATE, $C_BLOCK); }
  | INIT C_BLOCK                            { ast_section(parse->ast, @$, DECL_INIT, $C_BLOCK); }
  | FINAL C_BLOCK                           { ast_section(parse->ast, @$, DECL_FINAL, $C_BLOCK); }
  | test "}"                                { parse->ast = ast_test_close(parse->ast, @2, true); }
  | test error "}"                          { parse->ast = ast_test_close(parse->ast, @3, false); yyerrok; }
  | test error RESTART                      { parse->ast = ast_test_close(parse->ast, @3, false); yyerrok; }
  ;

/* ---- parts ---- */

part:
    PART name doc "{"                       { parse->ast = ast_part_open(parse->ast, @$, $name, $doc); }
  | part item
  | part error ";"                          { parse->ast->part->broken = true; yyerrok; }
  | part error C_BLOCK                      { parse->ast->part->broken = true; yyerrok; }
  ;

ends:
    name                                    { $$ = word_add(parse->ast, NULL, $name); }
  | ends "," name                           { $$ = word_add(parse->ast, $1, $name); }
  ;

function_default:
    %empty                                  { $$ = (struct code){ 0 }; }
  | "=" C_EXPRESSION                        { $$ = $C_EXPRESSION; }
  ;

given: %empty { $$ = NULL; } | given_list;

given_list:
    one_given                               { $$ = given_add(NULL, $1); }
  | given_list "," one_given                { $$ = given_add($1, $3); }
  ;

one_given:
    name "=" value                          { $$ = given_value(parse->ast, $name, $value); }
  | name "=" C_EXPRESSION                   { $$ = given_code(parse->ast, $name, @3, $3); }
  | name "=" "[" texts "]"                  { $$ = given_list(parse->ast, $name, span_join(@3, @5), $texts); }
  ;

texts: %empty { $$ = NULL; } | text_list;

text_list:
    STRING                                  { $$ = text_add(parse->ast, NULL, $STRING); }
  | text_list "," STRING                    { $$ = text_add(parse->ast, $1, $STRING); }
  ;

/* ---- tests ---- */

test:
    TEST STRING "{"                         { parse->ast = ast_test_open(parse->ast, @$, $STRING); }
  | test item
  | test RUN ends ";"                       { test_runs(parse->ast, $ends); }
  | test PARAM name "=" value ";"           { test_gives(parse->ast, given_value(parse->ast, $name, $value)); }
  | test PARAM name "=" "[" texts "]" ";"
                        { test_gives(parse->ast, given_list(parse->ast, $name, span_join(@5, @7), $texts)); }
  | test line ";"                           { test_says(parse->ast, $line); }
  | test FAIL name STRING ";"               { test_fails(parse->ast, $name, $STRING); }
  | test error ";"                          { parse->ast->test->broken = true; yyerrok; }
  | test error C_BLOCK                      { parse->ast->test->broken = true; yyerrok; }
  ;

line:
    name LARROW items                       { $$ = test_line_new(parse->ast, @$, $name, $items); }
  | name ARROW items                        { $$ = test_line_out(test_line_new(parse->ast, @$, $name, $items), false); }
  | name ARROW UNORDERED item_list          { $$ = test_line_out(test_line_new(parse->ast, @$, $name, $4), true); }
  ;

items: %empty { $$ = NULL; } | item_list;

item_list:
    test_item                               { $$ = test_item_add(NULL, $1); }
  | item_list "," test_item                 { $$ = test_item_add($1, $3); }
  ;

test_item:
    INT                                     { $$ = test_item_value(parse->ast, $1); }
  | DOUBLE                                  { $$ = test_item_value(parse->ast, $1); }
  | SIZE                                    { $$ = test_item_value(parse->ast, $1); }
  | STRING                                  { $$ = test_item_value(parse->ast, $1); }
  | name                                    { $$ = test_item_value(parse->ast, value_name($1)); }
  | C_EXPRESSION                            { $$ = test_item_code(parse->ast, TEST_ITEM_EXPRESSION, @1, $1); }
  | C_BLOCK                                 { $$ = test_item_code(parse->ast, TEST_ITEM_INITIALIZER, @1, $1); }
  ;

/* What may be left of a broken stage goes with it. */
skipped:
    error ";"                               { yyerrok; }
  | error "}"                               { yyerrok; }
  | error C_BLOCK                           { yyerrok; }
  | skipped C_BLOCK
  | skipped FUNCTIONS C_BLOCK
  | skipped STATE C_BLOCK
  | skipped INIT C_BLOCK
  | skipped FINAL C_BLOCK
  | skipped FLUSH EVERY time C_BLOCK
  ;

doc:
    %empty                                  { $$ = (struct value){ 0 }; }
  | STRING
  ;

/* ---- params and values ---- */

operands:
    %empty                                  { $$ = false; }
  | "[" "]"                                 { $$ = true; }
  ;

default:
    %empty                                  { $$ = (struct value){ 0 }; }
  | "=" value                               { $$ = $value; }
  | "=" AUTO                                { $$ = value_auto(@AUTO); }
  | "=" "[" texts "]"                       { $$ = value_list(parse->ast, span_join(@2, @4)); }
  ;

range:
    %empty                                  { $$ = (struct range){ 0 }; }
  | IN number[low] DOTDOT number[high]      { $$ = (struct range){ $low, $high }; }
  ;

value: number | STRING;

number: INT | DOUBLE | DURATION | SIZE | SPEED | name { $$ = value_name($name); };

count: INT | SIZE { $$ = value_count($SIZE); } | name { $$ = value_name($name); };

size: INT | SIZE | name { $$ = value_name($name); };

time: DURATION | name { $$ = value_name($name); };

rate: SPEED | name { $$ = value_name($name); };

burst:
    %empty                                  { $$ = (struct value){ 0 }; }
  | BURST count                             { $$ = $count; }
  ;

/* ---- types and channels ---- */

/* The last word of `words` is the name that is declared. */
words:
    word                                    { $$ = word_add(parse->ast, NULL, $word); }
  | words word                              { $$ = word_add(parse->ast, $1, $word); }
  ;

word: name | "*" { $$ = (struct name){ "*", @$ }; };

/* `drop` and `clone` end a type, unless they are its first word. */
type_words:
    word                                    { $$ = word_add(parse->ast, NULL, $word); }
  | type_words other_name                   { $$ = word_add(parse->ast, $1, $other_name); }
  | type_words "*"                          { $$ = word_add(parse->ast, $1, (struct name){ "*", @2 }); }
  ;

owning:
    %empty                                  { $$ = (struct owning){ 0 }; }
  | owning DROP name                        { $$ = owning_drop(parse->ast, $1, $name); }
  | owning CLONE name                       { $$ = owning_clone(parse->ast, $1, $name); }
  ;

fields:
    %empty                                  { $$ = NULL; }
  | fields field ";"                        { $$ = field_add($1, $field); }
  | fields field ":" STRING ";"             { $$ = field_add($1, field_key($field, $STRING)); }
  | fields error ";"                        { $$ = $1; yyerrok; }
  | fields error C_BLOCK                    { $$ = $1; yyerrok; }
  ;

field:
    words                                   { $$ = field_new(parse->ast, $words); }
  | words "[" count "]"                     { $$ = field_array(field_new(parse->ast, $words), @$, $count); }
  | words "[" "]"                           { $$ = field_list(field_new(parse->ast, $words), @$); }
  ;

channel:
    CHANNEL words "[" capacity "]"          { $$ = channel_new(parse->ast, $words, CAP_BOUNDED, $capacity); }
  | CHANNEL words "[" "]"           { $$ = channel_new(parse->ast, $words, CAP_GIVEN, (struct value){ 0 }); }
  | CHANNEL words "[" "*" "]"       { $$ = channel_new(parse->ast, $words, CAP_GROWING, (struct value){ 0 }); }
  | channel DROP NEWEST                     { $$ = channel_drop($1, parse->ast, span_join(@2, @3), DROP_NEWEST); }
  | channel DROP OLDEST                     { $$ = channel_drop($1, parse->ast, span_join(@2, @3), DROP_OLDEST); }
  | channel BROADCAST                       { $$ = channel_broadcast($1, parse->ast, @2); }
  | channel DEAD                            { $$ = channel_dead($1, parse->ast, @2); }
  | channel ON STRING                       { $$ = channel_on($1, parse->ast, @2, $STRING); }
  ;

capacity: count;

/* ---- stages ---- */

stage:
    sections C_BLOCK                        { $$ = stage_body($sections, $C_BLOCK); }
  | stage FUNCTIONS C_BLOCK                 { $$ = stage_functions($1, parse->ast, @2, $3); }
  | stage STATE C_BLOCK                     { $$ = stage_state($1, parse->ast, @2, $3); }
  | stage INIT C_BLOCK                      { $$ = stage_init($1, parse->ast, @2, $3); }
  | stage FINAL C_BLOCK                     { $$ = stage_final($1, parse->ast, @2, $3); }
  | stage FLUSH EVERY time C_BLOCK          { $$ = stage_flush($1, parse->ast, @2, $time, $5); }
  ;

sections:
    options
  | sections FUNCTIONS C_BLOCK              { $$ = stage_functions($1, parse->ast, @2, $3); }
  | sections STATE C_BLOCK                  { $$ = stage_state($1, parse->ast, @2, $3); }
  | sections INIT C_BLOCK                   { $$ = stage_init($1, parse->ast, @2, $3); }
  | sections FINAL C_BLOCK                  { $$ = stage_final($1, parse->ast, @2, $3); }
  | sections FLUSH EVERY time C_BLOCK       { $$ = stage_flush($1, parse->ast, @2, $time, $5); }
  ;

options:
    STAGE name inputs outputs               { $$ = stage_new(parse->ast, $name, $inputs, @inputs, $outputs); }
  | options WORKERS count           { $$ = stage_workers($1, parse->ast, span_join(@2, @3), $count); }
  | options WORKERS AUTO            { $$ = stage_workers($1, parse->ast, span_join(@2, @3), (struct value){ 0 }); }
  | options rate_option                     { $$ = stage_rate($1, parse->ast, $rate_option); }
  | options bound_option                    { $$ = stage_bound($1, $bound_option); }
  | options ORDERED ahead           { $$ = stage_ordered($1, parse->ast, span_join(@2, @3), $ahead); }
  | options BY C_EXPRESSION                 { $$ = stage_by($1, parse->ast, span_join(@2, @3), $3); }
  | options INLINE                          { $$ = stage_inline($1, parse->ast, @2); }
  | options BLOCKING                        { $$ = stage_blocking($1, parse->ast, @2); }
  | options DAEMON                          { $$ = stage_daemon($1, parse->ast, @2); }
  | options EVERY time                      { $$ = stage_every($1, parse->ast, span_join(@2, @3), $time); }
  | options TIMEOUT time                    { $$ = stage_timeout($1, parse->ast, span_join(@2, @3), $time); }
  | options fail_option                     { $$ = stage_fail($1, parse->ast, $fail_option, @2); }
  ;

ahead:
    %empty                                  { $$ = (struct value){ 0 }; }
  | "[" count "]"                           { $$ = $count; }
  ;

inputs:
    %empty                                  { $$ = NULL; }
  | "(" input_list ")"                      { $$ = $input_list; }
  ;

input_list:
    input                                   { $$ = input_add(NULL, $input); }
  | input_list "," input                    { $$ = input_add($1, $input); }
  ;

input:
    input_start
  | input WITHIN time                       { $$ = input_within($1, parse->ast, span_join(@2, @3), $time); }
  | input WEIGHT C_EXPRESSION size          { $$ = input_weight($1, parse->ast, span_join(@2, @4), $3, $size); }
  | input PER C_EXPRESSION                  { $$ = input_per($1, parse->ast, span_join(@2, @3), $3); }
  ;

input_start:
    name LARROW sources                     { $$ = input_name($sources, $name); }
  | PULL name LARROW sources        { $$ = input_pull(input_name($sources, $name), @1); }
  | name LARROW name[end] ":" sources       { $$ = input_end(input_name($sources, $1), $end); }
  | name "[" count "]" LARROW sources
                                    { $$ = input_batch(input_name($sources, $name), $count, span_join(@2, @4)); }
  ;

sources:
    source                                  { $$ = input_new(parse->ast, $source, CHOICE_ONE); }
  | merged                                  { $$ = input_new(parse->ast, $merged, CHOICE_MERGE); }
  | preferred                               { $$ = input_new(parse->ast, $preferred, CHOICE_PRIORITY); }
  ;

source: name                                { $$ = source_add(parse->ast, NULL, $name); };

merged:
    source "|" name                         { $$ = source_add(parse->ast, $source, $name); }
  | merged "|" name                         { $$ = source_add(parse->ast, $1, $name); }
  ;

preferred:
    source ">" name                         { $$ = source_add(parse->ast, $source, $name); }
  | preferred ">" name                      { $$ = source_add(parse->ast, $1, $name); }
  ;

outputs:
    %empty                                  { $$ = NULL; }
  | ARROW output_list                       { $$ = $output_list; }
  ;

output_list:
    output                                  { $$ = output_add(NULL, $output); }
  | output_list "," output                  { $$ = output_add($1, $output); }
  ;

output:
    output_name
  | name ":" name[channel]                  { $$ = output_end(output_new(parse->ast, $1), $channel); }
  | output_name "[" INT "]"                 { $$ = output_count($1, parse->ast, span_join(@2, @4), $3.i, $3.i); }
  | output_name "[" INT DOTDOT INT "]"      { $$ = output_count($1, parse->ast, span_join(@2, @6), $3.i, $5.i); }
  ;

output_name: name                           { $$ = output_new(parse->ast, $name); };

/* ---- options with parts ---- */

rate_option:
    RATE rate                               { $$ = rate_new(parse->ast, @$, $rate); }
  | rate_option BURST count                 { $$ = rate_burst($1, parse->ast, span_join(@2, @3), $count); }
  | rate_option PER C_EXPRESSION            { $$ = rate_per($1, parse->ast, span_join(@2, @3), $3); }
  | rate_option COST C_EXPRESSION           { $$ = rate_cost($1, parse->ast, span_join(@2, @3), $3); }
  ;

bound_option:
    BOUND count                             { $$ = bound_new(parse->ast, @$, $count); }
  | bound_option PER C_EXPRESSION           { $$ = bound_per($1, parse->ast, span_join(@2, @3), $3); }
  | bound_option WEIGHT C_EXPRESSION        { $$ = bound_weight($1, parse->ast, span_join(@2, @3), $3); }
  ;

fail_option:
    retry
  | retry THEN STOP                         { $$ = fail_outcome($1, THEN_STOP, (struct name){ 0 }); }
  | retry THEN SKIP                         { $$ = fail_outcome($1, THEN_SKIP, (struct name){ 0 }); }
  | retry THEN ARROW name                   { $$ = fail_outcome($1, THEN_CHANNEL, $name); }
  ;

retry:
    ON FAIL                                 { $$ = fail_new(parse->ast); }
  | attempts
  | attempts BACKOFF time                   { $$ = fail_backoff($1, @time, $time, $time); }
  | attempts BACKOFF time[low] DOTDOT time[high]    { $$ = fail_backoff($1, @high, $low, $high); }
  ;

attempts: ON FAIL RETRY count               { $$ = fail_retry(fail_new(parse->ast), span_join(@3, @4), $count); };

/* ---- names ---- */

name: other_name | DROP | CLONE;

other_name:
    ID | BACKOFF | BLOCKING | BOUND | BROADCAST | BURST | BY | CHANNEL | COST | DAEMON | DEAD | DRAIN | EVERY | FAIL | FINAL
    | FLUSH | FUNCTIONS | IMPORT | IN | INCLUDE | INIT | INLINE | INPUT | LINK | NEWEST | OLDEST | ON | ORDERED | OUTPUT | PARAM
    | PART | PER | PIPELINE | PULL | RATE | RECORD | RETRY | RUN | SKIP | STAGE | STATE | STOP
    | TEST | THEN | TIMEOUT | TYPE | UNORDERED | WEIGHT | WITHIN | WORKERS
  ;

%%

/* ---- tokens for the parser ---- */

static bool ends_skipping(int token)
{
    return token == SEMICOLON || token == CLOSE_BRACE || token == C_BLOCK || token == YYEOF;
}

/* Tells whether the parser, skipping after an error, should go on with the last token. */
static bool restarts(const struct parse *parse)
{
    return scan_is_declaration(parse->last.kind) && scan_is_line_start(&parse->scan, parse->last.at.start);
}

static int give_restart(struct parse *parse, YYLTYPE *at)
{
    parse->restart = false;
    parse->again = true;
    parse->scan.recovering = false;
    parse->scan.record = 0;
    parse->scan.history[1] = 0; /* for the scanner too, a declaration begins here */
    *at = (struct span){ parse->last.at.start, parse->last.at.start };
    return RESTART;
}

/* Whether a `;` is to be given before the last token. */
static bool is_repaired(const struct parse *parse)
{
    const struct repairs *repairs = parse->repairs;

    return parse->repaired < repairs->n && repairs->at[parse->repaired] == parse->last.at.start;
}

static int give_semicolon(struct parse *parse, YYLTYPE *at)
{
    parse->repaired++;
    parse->put_back = true;
    *at = (struct span){ parse->before, parse->before };
    diag_report(parse->ast->diags, "E0001", *at, "';' is missing");
    diags_repaired(parse->ast->diags);
    return SEMICOLON;
}

static int yylex(YYSTYPE *value, YYLTYPE *at, struct parse *parse)
{
    struct token *last = &parse->last;

    if (parse->restart)
        return give_restart(parse, at);
    if (parse->put_back) {
        parse->put_back = false;
        parse->again = true;
    }
    if (!parse->again) {
        parse->before = last->at.end;
        last->kind = scan_lex(&last->value, &last->at, parse->scanner);
        if (parse->ast->ndecls > DECLS_MAX)
            last->kind = YYEOF;
        if (last->kind == YYEOF)
            last->at.start = last->at.end = source_end(parse->ast->source);
        if (last->kind == YYerror) {
            diags_incomplete(parse->ast->diags);
            parse->scan.recovering = true;
        }
        if (ends_skipping(last->kind))
            parse->scan.recovering = false;
        if (parse->scan.recovering && restarts(parse))
            return give_restart(parse, at);
        if (is_repaired(parse))
            return give_semicolon(parse, at);
    }
    parse->again = false;
    *value = last->value;
    *at = last->at;
    return last->kind;
}

/* ---- what is wrong ---- */

/* What the parser could go on with. */
struct expected {
    bool has[YYNTOKENS];
    const char *titles[YYNTOKENS + 4];
    size_t n;
};

/* Replaces the kinds of a group, if those in `proof` are all there, by one title. */
static void expect_group(struct expected *expected, const char *title, const yysymbol_kind_t *proof,
                         const yysymbol_kind_t *kinds)
{
    for (; *proof != YYSYMBOL_YYEMPTY; proof++)
        if (!expected->has[*proof])
            return;
    expected->titles[expected->n++] = title;
    for (; *kinds != YYSYMBOL_YYEMPTY; kinds++)
        expected->has[*kinds] = false;
}

#define KINDS(...) (const yysymbol_kind_t[]){ __VA_ARGS__, YYSYMBOL_YYEMPTY }

/* The words with which options of a stage begin. */
static const yysymbol_kind_t option_kinds[] = {
    YYSYMBOL_WORKERS, YYSYMBOL_RATE, YYSYMBOL_BOUND, YYSYMBOL_ORDERED, YYSYMBOL_BY, YYSYMBOL_INLINE, YYSYMBOL_BLOCKING,
    YYSYMBOL_DAEMON,
    YYSYMBOL_EVERY, YYSYMBOL_TIMEOUT, YYSYMBOL_ON, YYSYMBOL_YYEMPTY
};

/* Every keyword that is expected together with a name is expected as a name. */
static void expect_names(struct expected *expected)
{
    if (!expected->has[YYSYMBOL_ID])
        return;
    for (int kind = YYSYMBOL_ID + 1; kind <= YYSYMBOL_WORKERS; kind++)
        expected->has[kind] = expected->has[kind] && kind == YYSYMBOL_AUTO;
}

static void expect_groups(struct expected *expected)
{
    expect_group(expected, "a value", KINDS(YYSYMBOL_ID, YYSYMBOL_INT, YYSYMBOL_STRING),
                 KINDS(YYSYMBOL_ID, YYSYMBOL_INT, YYSYMBOL_DOUBLE, YYSYMBOL_DURATION, YYSYMBOL_SIZE, YYSYMBOL_SPEED,
                       YYSYMBOL_STRING));
    expect_group(expected, "a number or a param", KINDS(YYSYMBOL_ID, YYSYMBOL_INT),
                 KINDS(YYSYMBOL_ID, YYSYMBOL_INT, YYSYMBOL_DOUBLE, YYSYMBOL_DURATION, YYSYMBOL_SIZE, YYSYMBOL_SPEED));
    expect_group(expected, "a declaration", KINDS(YYSYMBOL_PIPELINE, YYSYMBOL_STAGE),
                 KINDS(YYSYMBOL_PIPELINE, YYSYMBOL_INCLUDE, YYSYMBOL_PROLOGUE, YYSYMBOL_LINK, YYSYMBOL_IMPORT,
                       YYSYMBOL_PARAM, YYSYMBOL_PART, YYSYMBOL_TYPE, YYSYMBOL_RECORD, YYSYMBOL_CHANNEL, YYSYMBOL_INPUT,
                       YYSYMBOL_OUTPUT, YYSYMBOL_RATE, YYSYMBOL_BOUND, YYSYMBOL_STAGE, YYSYMBOL_STATE, YYSYMBOL_INIT,
                       YYSYMBOL_FINAL, YYSYMBOL_FLUSH, YYSYMBOL_FUNCTIONS, YYSYMBOL_TEST, YYSYMBOL_YYEOF, YYSYMBOL_C_BLOCK,
                       YYSYMBOL_SEMICOLON));
    expect_group(expected, "an option", KINDS(YYSYMBOL_WORKERS, YYSYMBOL_ORDERED), option_kinds);
    expect_group(expected, "a section", KINDS(YYSYMBOL_STATE, YYSYMBOL_FLUSH),
                 KINDS(YYSYMBOL_STATE, YYSYMBOL_INIT, YYSYMBOL_FINAL, YYSYMBOL_FLUSH, YYSYMBOL_FUNCTIONS));
}

static void expect_titles(struct expected *expected)
{
    for (int kind = 0; kind < YYNTOKENS; kind++)
        if (expected->has[kind] && kind != YYSYMBOL_RESTART)
            expected->titles[expected->n++] = yysymbol_name(kind);
}

/* Tells whether a symbol's name is what stands in the file, and not a description. */
static bool is_literal(const char *name)
{
    return !strchr(name, ' ');
}

/* "A, B or C" */
static char *expected_text(const struct expected *expected)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    if (!to)
        return NULL;
    for (size_t i = 0; i < expected->n; i++) {
        const char *title = expected->titles[i], *quote = is_literal(title) ? "'" : "";

        fprintf(to, "%s%s%s%s", i == 0 ? "" : i + 1 < expected->n ? ", " : " or ", quote, title, quote);
    }
    fclose(to);
    return text;
}

/* How a token is called in a message: by its text where that is short. */
static char *found_text(const struct parse *parse, yysymbol_kind_t kind)
{
    const struct span at = parse->last.at;
    const int len = at.end - at.start < 40 ? (int)(at.end - at.start) : 40;
    char *text = NULL;

    if (kind == YYSYMBOL_C_BLOCK || kind == YYSYMBOL_C_EXPRESSION || kind == YYSYMBOL_STRING ||
        kind == YYSYMBOL_YYEOF)
        return strdup(yysymbol_name(kind));
    return asprintf(&text, "'%.*s'", len, source_text(parse->ast->source, at.start)) < 0 ? NULL : text;
}

/* The expected keyword that the last token, a name, is likely meant to be; NULL where none is near. */
static const char *meant_keyword(const struct parse *parse, const struct expected *expected)
{
    struct suggestion suggestion;

    if (parse->last.kind != ID)
        return NULL;
    suggestion = suggestion_for(parse->last.value.name.text);
    for (int kind = YYSYMBOL_AUTO; kind <= YYSYMBOL_WORKERS; kind++)
        if (expected->has[kind])
            suggestion_offer(&suggestion, yysymbol_name(kind));
    return suggestion.best;
}

static bool is_option(yysymbol_kind_t found)
{
    const yysymbol_kind_t *kind = option_kinds;

    while (*kind != YYSYMBOL_YYEMPTY && *kind != found)
        kind++;
    return *kind == found;
}

/* Tells whether the last token is a word with which declarations of C begin. */
static bool begins_c(const struct parse *parse)
{
    static const char *const words[] = { "char", "const", "double", "enum", "extern", "float", "int", "long", "short",
                                         "signed", "static", "struct", "typedef", "union", "unsigned", "void" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(parse->last.value.name.text, words[i]))
            return true;
    return false;
}

static bool is_number(yysymbol_kind_t kind)
{
    return kind == YYSYMBOL_INT || kind == YYSYMBOL_DOUBLE || kind == YYSYMBOL_DURATION || kind == YYSYMBOL_SIZE ||
           kind == YYSYMBOL_SPEED;
}

/* Where a name is expected, every keyword is. */
static bool wants_declaration(const struct expected *expected)
{
    return expected->has[YYSYMBOL_PIPELINE] && !expected->has[YYSYMBOL_ID];
}

/* The number is a -2 right behind a name, as in step-2. */
static bool joins_name(const struct parse *parse)
{
    const uint32_t start = parse->last.at.start;

    return parse->before == start && *source_text(parse->ast->source, start) == '-' &&
           scan_is_name(parse->scan.history[1]);
}

/* What a part is given, as if it were a function of C; NULL: it is something else. */
static const char *given_hint(const struct parse *parse, const struct expected *expected, yysymbol_kind_t found)
{
    const bool *has = expected->has;
    const int *before = parse->scan.history + 1;

    if (found == YYSYMBOL_YYEOF || found == YYSYMBOL_SEMICOLON)
        return NULL;
    if (has[YYSYMBOL_EQUAL] && !has[YYSYMBOL_C_BLOCK] && (before[1] == OPEN || before[1] == COMMA))
        return "what a part is given has a name: NAME = VALUE, and of an expression of C NAME = (...)";
    if (has[YYSYMBOL_COMMA] && has[YYSYMBOL_CLOSE] && before[1] == EQUAL)
        return "an expression of C stands in parentheses: NAME = (...)";
    if (found == YYSYMBOL_ID && has[YYSYMBOL_STRING] && has[YYSYMBOL_CLOSE_SQUARE])
        return "a list is of texts as they are; a param that is a list itself is given without [ ]";
    return NULL;
}

/* What to write instead, for mistakes that are made often. */
static const char *common_hint(const struct parse *parse, const struct expected *expected, yysymbol_kind_t found)
{
    const bool *has = expected->has;

    const char *given = given_hint(parse, expected, found);

    if (given)
        return given;
    if (found == YYSYMBOL_AUTO && has[YYSYMBOL_ID])
        return "'auto' is the one word that cannot be a name";
    if (is_number(found) && joins_name(parse))
        return "names are made of a to z, A to Z, 0 to 9 and _";
    if (is_number(found) && has[YYSYMBOL_SPEED] && !has[YYSYMBOL_INT])
        return "a rate tells how many in how long: 5/s, 100/m, 1/200ms";
    if (is_number(found) && has[YYSYMBOL_DURATION] && !has[YYSYMBOL_INT])
        return "a duration has a unit: 250ms, 5s, 2m (ns us ms s m h d)";
    if ((found == YYSYMBOL_PIPE && has[YYSYMBOL_GREATER]) || (found == YYSYMBOL_GREATER && has[YYSYMBOL_PIPE]))
        return "join channels with '|' (fairly) or with '>' (the first one preferred), not with both";
    if ((found == YYSYMBOL_COMMA && has[YYSYMBOL_WORKERS] && !has[YYSYMBOL_ID])
        || (is_number(found) && parse->scan.history[1] == WORKERS && parse->scan.history[2] == COMMA))
        return "no comma stands before an option: only outputs have commas between them";
    if (is_option(found) && has[YYSYMBOL_C_BLOCK])
        return "options stand before the sections and the body";
    if (has[YYSYMBOL_LARROW] && parse->ast->test)
        return "a test says CHANNEL <- ITEMS; of what it feeds, and CHANNEL -> ITEMS; of what is to come out";
    if (has[YYSYMBOL_LARROW])
        return "an input is written NAME <- CHANNEL";
    if (found == YYSYMBOL_CLOSE && parse->scan.history[1] == OPEN)
        return "a stage without inputs has no parentheses";
    if (wants_declaration(expected) && (found == YYSYMBOL_C_BLOCK || (found == YYSYMBOL_ID && begins_c(parse))))
        return "C text stands in the body of a stage or in %{ %}";
    return NULL;
}

static void tell_hint(const struct parse *parse, const struct expected *expected, yysymbol_kind_t found)
{
    const char *hint = common_hint(parse, expected, found);
    const char *word = meant_keyword(parse, expected);

    if (hint)
        diag_hint(parse->ast->diags, "%s", hint);
    else if (word)
        diag_hint(parse->ast->diags, "did you mean '%s'?", word);
}

static bool is_on_later_line(const struct parse *parse)
{
    const struct source *source = parse->ast->source;

    return source_position(source, parse->before).line < source_position(source, parse->last.at.start).line;
}

static void tell_unexpected(struct parse *parse, struct expected *expected, yysymbol_kind_t found)
{
    struct expected grouped = *expected;
    struct diags *diags = parse->ast->diags;
    const struct span behind = { parse->before, parse->before };
    char *wanted, *there;

    expect_names(&grouped);
    expect_groups(&grouped);
    expect_titles(&grouped);
    wanted = expected_text(&grouped);
    there = found_text(parse, found);
    if (expected->has[YYSYMBOL_SEMICOLON] && !wants_declaration(expected) &&
        (found == YYSYMBOL_YYEOF || is_on_later_line(parse)))
        diag_report(diags, "E0001", behind, "';' is missing");
    else if (found == YYSYMBOL_YYEOF)
        diag_report(diags, "E0001", behind, "expected %s, but the file ends here", wanted ? wanted : "more");
    else
        diag_report(diags, "E0001", parse->last.at, "expected %s, found %s", wanted ? wanted : "something else",
                    there ? there : "this");
    if (parse->scan.record)
        diag_note(diags, (struct span){ parse->scan.record, parse->scan.record + 1 }, "in the record that begins here");
    if (parse->ast->part && found == YYSYMBOL_YYEOF)
        diag_note(diags, parse->ast->part->decl.span, "in the part that begins here");
    if (parse->ast->test && found == YYSYMBOL_YYEOF)
        diag_note(diags, parse->ast->test->decl.span, "in the test that begins here");
    tell_hint(parse, expected, found);
    free(wanted);
    free(there);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *parse)
{
    struct expected expected = { .n = 0 };
    yysymbol_kind_t kinds[YYNTOKENS];
    int n;

    diags_incomplete(parse->ast->diags);
    parse->scan.recovering = !ends_skipping(parse->last.kind);
    parse->restart = restarts(parse);
    if (diag_is_full(parse->ast->diags)) {
        diag_report(parse->ast->diags, "E0001", parse->last.at, "unexpected");
        return 0;
    }
    n = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    for (int i = 0; i < n; i++)
        expected.has[kinds[i]] = true;
    if (parse->restart && expected.has[YYSYMBOL_SEMICOLON] && !wants_declaration(&expected)
        && parse->repairs->n < REPAIRS_MAX)
        parse->repairs->at[parse->repairs->n++] = parse->last.at.start;
    tell_unexpected(parse, &expected, yypcontext_token(context));
    return 0;
}

/* Called only where the parser's stack is full or memory short. */
static void yyerror(const YYLTYPE *at, struct parse *parse, const char *text)
{
    diag_report(parse->ast->diags, "E0604", *at, "the parser has no room for this file: %s", text);
}

/* ---- the whole file ---- */

/* Reads the file once. NULL where memory is short. */
static struct ast *parse_once(const struct ast *empty, struct repairs *repairs)
{
    struct ast *ast = ast_new(empty->sources, empty->source, empty->diags, empty->memory);
    struct parse parse = { .ast = ast, .repairs = repairs, .scan.ast = ast, .before = ast->source->start };

    parse.scanner = scan_open(&parse.scan, text_start(ast->source));
    if (!parse.scanner)
        return NULL;
    yyparse(&parse);
    scan_close(parse.scanner);
    return ast;
}

static int by_offset(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

struct ast *ast_parse(const struct sources *sources, struct source *source, struct diags *diags,
                      struct obstack *memory)
{
    struct repairs repairs = { .n = 0 };
    const struct diags_mark before = diags_mark(diags);
    struct ast *const empty = ast_new(sources, source, diags, memory);
    struct ast *ast;

    if (!text_is_readable(source, diags)) {
        diags_incomplete(diags);
        return empty;
    }
    for (int pass = 1;; pass++) { /* with each `;` that was missing; a declaration that is whole now may show another */
        const size_t known = repairs.n;

        ast = parse_once(empty, &repairs);
        if (!ast || repairs.n == known || pass == PASSES_MAX)
            return ast;
        qsort(repairs.at, repairs.n, sizeof *repairs.at, by_offset);
        diags_return(diags, &before);
        text_is_readable(source, diags);
    }
}
