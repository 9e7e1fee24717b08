/* What a database of SQLite says: a look at what a program has stored that needs nothing of that program.
 *
 *   rows FILE STATEMENT...    runs them in turn, and prints what comes of them: a row a line, a bar between two columns
 *
 * An argument `until FILE` waits until there is that file, `made FILE` makes it.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int wrong(sqlite3 *db, const char *what)
{
    fprintf(stderr, "rows: %s: %s\n", what, sqlite3_errmsg(db));
    return 1;
}

static int run(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement;
    int status;

    if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
        return wrong(db, text);
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *const cell = (const char *)sqlite3_column_text(statement, i);

            printf("%s%s", i ? "|" : "", cell ? cell : "NULL");
        }
        putchar('\n');
    }
    sqlite3_finalize(statement);
    return status == SQLITE_DONE ? 0 : wrong(db, text);
}

int main(int argc, char **argv)
{
    sqlite3 *db;
    int status = 0;

    if (argc < 3 || sqlite3_open(argv[1], &db) != SQLITE_OK)
        return 2;
    sqlite3_busy_timeout(db, 60000);
    for (int i = 2; i < argc && !status; i++) {
        if (!strncmp(argv[i], "until ", 6))
            while (access(argv[i] + 6, F_OK))
                usleep(10000);
        else if (!strncmp(argv[i], "made ", 5))
            fclose(fopen(argv[i] + 5, "w"));
        else
            status = run(db, argv[i]);
    }
    sqlite3_close(db);
    return status;
}
