/* Rows into a table of SQLite in transactions of 1,000, as one writes it by hand, on one core.
 *
 *     insert FILE N */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 1000 };

static void check(sqlite3 *db, int status)
{
    if (status == SQLITE_OK || status == SQLITE_DONE)
        return;
    fprintf(stderr, "insert: %s\n", sqlite3_errmsg(db));
    exit(1);
}

int main(int argc, char **argv)
{
    const long n = argc == 3 ? atol(argv[2]) : 0;
    sqlite3 *db;
    sqlite3_stmt *insert;
    char name[40];

    if (n <= 0)
        return 2;
    check(NULL, sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
    check(db, sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS items (number INTEGER NOT NULL, result INTEGER, name TEXT, "
                               "PRIMARY KEY (number))", NULL, NULL, NULL));
    check(db, sqlite3_prepare_v2(db, "INSERT INTO items (number, result, name) VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE "
                                     "SET result = excluded.result, name = excluded.name", -1, &insert, NULL));
    for (long i = 0; i < n; i++) {
        if (i % BATCH == 0)
            check(db, sqlite3_exec(db, i > 0 ? "COMMIT; BEGIN IMMEDIATE" : "BEGIN IMMEDIATE", NULL, NULL, NULL));
        sqlite3_bind_int64(insert, 1, i);
        sqlite3_bind_int64(insert, 2, i * 3 + 1);
        sqlite3_bind_text(insert, 3, name, snprintf(name, sizeof name, "item %ld", i), SQLITE_STATIC);
        check(db, sqlite3_step(insert));
        check(db, sqlite3_reset(insert));
    }
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    sqlite3_finalize(insert);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
