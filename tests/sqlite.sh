#!/usr/bin/env bash
# sqlite_insert of the installed library, and what SQLite itself says of the databases: types, keys, names that are SQL, tables that
# are there, locks, what is full, damaged or no database.
. "$(dirname "$0")/lib.sh"
. tests/lib-watched.sh
needs "$PIPEC" "$BUILD/library"

export XDG_CACHE_HOME=$tmp/cache LC_ALL=C NO_COLOR=1
top=$PWD

check "sqlite.pipe has nothing to warn of" test -z "$("$PIPEC" check library/sqlite.pipe 2>&1)"
if ! pkg-config --exists sqlite3; then
    echo "left out, since SQLite is not there: what sqlite_insert stores"
    finish
fi

# Its own tests.
"$PIPEC" test tests/sqlite/*.pipe >"$tmp/said" 2>&1
check "pipec test: all of them pass" test $? -eq 0
! grep -q FAIL "$tmp/said" || cat "$tmp/said"

# shellcheck disable=SC2046,SC2086 # words
$CC $CFLAGS $LDFLAGS -o "$tmp/rows" tests/sqlite/rows.c $(pkg-config --cflags --libs sqlite3)
check "a reader is built" test -x "$tmp/rows"
watched_begin

cd "$tmp" || exit 1

# program NAME: NAME.pipe, read from here, as NAME, and as NAME.asan with AddressSanitizer; its C without a warning
program() {
    local cc flags=(-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -O1 "-I$top/runtime/include")
    cat >"$1.pipe"
    check "$1: builds" "$PIPEC" build -o "$1" "$1.pipe"
    check "$1: builds with AddressSanitizer" watched_build -o "$1.asan" "$1.pipe"
    "$PIPEC" emit -o "$1.c" "$1.pipe"
    for cc in gcc clang; do
        ! command -v $cc >/dev/null || check "$1: no warning from $cc" $cc "${flags[@]}" -c -o "$1.o" "$1.c"
    done
}

# ends NAME STATUS [<INPUT] COMMAND...: it ends so; what it says is in `err`
ends() {
    local name=$1 status=$2 got
    shift 2
    timeout 120 "$@" >out 2>err
    got=$?
    if [ $got -eq "$status" ]; then
        pass "$name"
    else
        fail "$name" "exit status $got, not $status: $(head -n 5 err)"
    fi
}

says() {
    if grep -qF -- "$2" err; then
        pass "$1"
    else
        fail "$1" "'$2' is not said, but: $(head -n 5 err)"
    fi
}

# stored NAME FILE STATEMENT: which says what stands on standard input
stored() {
    cat >want
    ./rows "$2" "$3" >got 2>&1
    same "$1" want got
}

# whole NAME FILE: SQLite finds nothing wrong with it
whole() {
    echo ok | stored "$1: the file is whole" "$2" 'PRAGMA integrity_check'
}

program store <<'PIPE'
pipeline store "stores what comes as lines of JSON";
import <json.pipe>;
import <lines.pipe>;
import <sqlite.pipe>;
include <stdio.h>;
record place { double lat; double lon; }
record thing {
    long id;
    string name;
    char code[4];
    double price;
    float weight;
    bool sold;
    bytes raw;
    place at;
    string tags[];
    int pair[2];
    uint64_t big;
    int8_t small;
    string odd: "a \"b\"); DROP TABLE others; --";
}
param string key[] "the key";
param string db = "things.db" "the database";
param string table = "things" "the table";
param int batch = 1000 in 1..1000 "rows in a transaction";
param int retries = 0 in 0..100 "how often to try again";
param duration limit = 1m "how long a batch may take";
channel string text[1000];
channel thing things[1000];
channel thing lost[1000] dead;
stage read -> text = lines();
stage parse (line <- text) -> things = json_read();
stage store (t <- things)  timeout limit  on fail retry retries backoff 100ms then -> lost
    = sqlite_insert(path = db, table = table, key = key, batch = batch);
stage report (l <- lost) { printf("%ld: %s\n", l.item.id, l.reason); status(1); }
PIPE

cat >two <<'JSON'
{"id":1,"name":"B\u00e4y","code":"abcd","price":1.5,"weight":2.5,"sold":true,"raw":"AAEC","at":{"lat":60.5,"lon":25},"tags":["a","b\"c"],"pair":[1,-2],"big":9223372036854775807,"small":-128,"a \"b\"); DROP TABLE others; --":"q'\""}
{"id":-9223372036854775808,"name":"","raw":""}
JSON
numbers='{ printf "{\"id\":%d,\"price\":%d}\n", $1, $1 * 2 }'
seq 2500 | awk "$numbers" >many

for name in store store.asan; do
    rm -f things.db*
    ends "$name: fields of all kinds" 0 ./$name id <two
    stored "$name: as they were" things.db 'SELECT id, name, code, price, weight, sold, hex(raw), at, tags, pair, big, small,
        "a ""b""); DROP TABLE others; --" FROM things ORDER BY id DESC' <<'ROWS'
1|Bäy|abcd|1.5|2.5|1|000102|{"lat":60.5,"lon":25}|["a","b\"c"]|[1,-2]|9223372036854775807|-128|q'"
-9223372036854775808|||0.0|0.0|0||{"lat":0,"lon":0}|[]|[0,0]|0|0|NULL
ROWS
    stored "$name: of their types" things.db 'SELECT typeof(id), typeof(name), typeof(code), typeof(price), typeof(weight),
        typeof(sold), typeof(raw), typeof(at), typeof(tags), typeof(big) FROM things WHERE id = 1' \
        <<<'integer|text|text|real|real|integer|blob|text|text|integer'
    stored "$name: with a key that is asked for" things.db "SELECT name FROM pragma_table_info('things') WHERE pk" <<<id
    whole "$name" things.db

    ends "$name: names that are SQL" 0 ./$name --table='x"; DROP TABLE things; --' id <two
    stored "$name: are names" things.db 'SELECT count(*) FROM "x""; DROP TABLE things; --"' <<<2
    stored "$name: and nothing else" things.db 'SELECT count(*) FROM things' <<<2
    ends "$name: a name that SQLite keeps for itself" 1 ./$name --table=sqlite_x id <two
    says "$name: says so" "things.db: object name reserved for internal use: sqlite_x"
    ends "$name: a key that is no field" 1 ./$name none <two
    says "$name: says which" "things: thing has no field 'none' that could be a key"
    ends "$name: a path that looks like something else" 0 ./$name --db=file:odd.db?mode=memory id <two
    check "$name: is a file" test -s 'file:odd.db?mode=memory'
    rm -f file:*

    # A row for its key, in the batch and of another run; columns that the record does not have stay.
    ./rows things.db 'ALTER TABLE things ADD COLUMN note' "UPDATE things SET note = 'kept'"
    ends "$name: newer rows" 0 ./$name id <<<'{"id":1,"name":"Hill"}
{"id":1,"name":"Lane","big":7}
{"id":2}'
    stored "$name: replace the older" things.db 'SELECT id, name, price, big, note FROM things WHERE id > 0 ORDER BY id' <<'ROWS'
1|Lane|0.0|7|kept
2|NULL|0.0|0|NULL
ROWS

    rm -f things.db*
    ends "$name: many batches" 0 ./$name --batch=100 id <many
    stored "$name: are all there" things.db 'SELECT count(*), sum(id), sum(price) FROM things' <<<'2500|3126250|6252500.0'
    whole "$name" things.db

    # A batch that fails is not there, and its letters are.
    rm -f things.db*
    ends "$name: a number that SQLite has not" 1 ./$name --batch=5 id \
        <<<"$(seq 12 | awk '{ printf "{\"id\":%d%s}\n", $1, $1 == 8 ? ",\"big\":9223372036854775808" : "" }')"
    says "$name: says which" "things.db: row 3 of 5: big: a number above 2^63 - 1"
    check "$name: a letter for each of its items" test "$(cut -d: -f1 out | xargs)" = "6 7 8 9 10"
    stored "$name: the others are there" things.db 'SELECT group_concat(id) FROM things' <<<'1,2,3,4,5,11,12'

    # Tables that are there.
    rm -f things.db*
    ./rows things.db 'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)'
    ends "$name: a table without a column" 1 ./$name id <two
    says "$name: says which" "things.db: table things has no column named code"
    rm -f things.db*
    ./$name id <two
    ./rows things.db 'CREATE TABLE loose AS SELECT * FROM things' 'CREATE VIEW shown AS SELECT * FROM things'
    ends "$name: a table without the key" 1 ./$name --table=loose id <two
    says "$name: says so" "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint"
    ends "$name: a view" 1 ./$name --table=shown id <two
    says "$name: says so" "cannot modify shown because it is a view"
    ./rows things.db "CREATE TRIGGER t BEFORE INSERT ON things WHEN new.id = 8 BEGIN SELECT RAISE(ABORT, 'not eight'); END"
    ends "$name: a row that the table refuses" 1 ./$name --batch=4 id <many
    says "$name: says why" "things.db: row 4 of 4: not eight"
    check "$name: with its batch" test "$(cut -d: -f1 out | xargs)" = "5 6 7 8"
    stored "$name: the others are there" things.db 'SELECT count(*) FROM things WHERE id > 0' <<<2496

    # Others who write.
    rm -f things.db* locked free
    ./rows things.db 'BEGIN EXCLUSIVE' 'made locked' 'until free' COMMIT &
    until [ -e locked ] || ! kill -0 $!; do sleep 0.05; done
    ends "$name: locked by another, from the beginning" 1 ./$name --limit=300ms id <two
    says "$name: says so" "things.db: locked by another"
    { sleep 1; : >free; } &
    ends "$name: another who ends" 0 ./$name id <two
    wait
    stored "$name: all is there then" things.db 'SELECT count(*) FROM things' <<<2
    rm -f locked free
    ./rows things.db 'BEGIN' 'SELECT count(*) FROM things' 'made locked' 'until free' COMMIT >/dev/null &
    until [ -e locked ] || ! kill -0 $!; do sleep 0.05; done
    ends "$name: another who reads" 1 ./$name --limit=300ms id <many
    says "$name: says so" "things.db: locked by another"
    stored "$name: nothing of it is there" things.db 'SELECT count(*) FROM things' <<<2
    { sleep 1; : >free; } &
    ends "$name: tried again until nobody reads" 0 ./$name --limit=100ms --retries=100 id <many
    wait
    stored "$name: then all is there, once" things.db 'SELECT count(*), sum(id) FROM things WHERE id > 0' <<<'2500|3126250'
    seq 1 2 1000 | awk "$numbers" >odd
    seq 2 2 1000 | awk "$numbers" >even
    rm -f things.db*
    ./$name --batch=20 id <odd 2>err.odd &
    ends "$name: two at a time" 0 ./$name --batch=20 id <even
    wait $!
    check "$name: both" test $? -eq 0
    stored "$name: all of both" things.db 'SELECT count(*), sum(id) FROM things' <<<'1000|500500'
    whole "$name" things.db

    # Locked first, and too slow then.
    rm -f things.db* locked free
    ./$name id <two
    ./rows things.db "CREATE TRIGGER slow BEFORE INSERT ON things BEGIN SELECT count(*) FROM (WITH RECURSIVE n(i) AS
        (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT i FROM n); END"
    ./rows things.db 'BEGIN EXCLUSIVE' 'made locked' 'until free' COMMIT &
    until [ -e locked ] || ! kill -0 $!; do sleep 0.05; done
    { sleep 0.3; : >free; } &
    ends "$name: locked first, and too slow then" 1 ./$name --limit=1s id <<<'{"id":3}'
    wait
    says "$name: says that it is late" "things.db: not done in its time"
    stored "$name: and nothing of it is there" things.db 'SELECT count(*) FROM things' <<<2

    # Files that cannot be.
    ends "$name: no directory" 1 ./$name --db=none/x.db id <two
    says "$name: says so" "none/x.db: unable to open database file: No such file or directory"
    mkdir -p directory
    ends "$name: a directory" 1 ./$name --db=directory id <two
    says "$name: says so" "directory: unable to open database file: Is a directory"
    ends "$name: another file" 1 ./$name --db=many id <two
    says "$name: says so" "many: file is not a database"
    rm -f things.db*
    ./$name id <many
    cp things.db damaged.db
    dd if=/dev/urandom of=damaged.db bs=4096 seek=1 count=5 conv=notrunc 2>/dev/null
    ends "$name: a damaged one" 1 ./$name --db=damaged.db id <many
    says "$name: says so" "damaged.db: "
    check "$name: and does not go on" grep -q 'malformed' err
    (ulimit -f 100; trap '' XFSZ; exec ./$name --db=small.db id <many) >out 2>err
    check "$name: no room" test $? -eq 1
    says "$name: says so" "small.db: "
    whole "$name: no room" small.db
    stored "$name: no room: whole batches" small.db 'SELECT count(*) % 1000 % 500 FROM things' <<<0
    check "$name: no room: of the others there are letters" \
        test "$(($(wc -l <out) + $(./rows small.db 'SELECT count(*) FROM things')))" -eq 2500
    rm -f small.db*
done

# Who may not write. Root may.
chmod 755 .
chmod 444 things.db
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null; then
    ends "a file that may not be written" 1 "${as[@]}" ./store --db="$tmp/things.db" id <two
    says "says so" "things.db: cannot be written"
fi

# What a program does not use it does not have.
program without <<'PIPE'
pipeline without "imports, and does not use it";
import <lines.pipe>;
import <sqlite.pipe>;
channel string text[4];
stage read -> text = lines();
stage write (line <- text) = write_lines();
PIPE
check "linked where it is used" grep -q sqlite3_open store
check "and nowhere else" fails grep -q sqlite3_ without
cd "$top" || exit 1
finish
