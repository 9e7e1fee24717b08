/* A database that a benchmark fills: a new file in $TMPDIR, or /tmp, with SQLite's log in front of it (WAL), as one has it
 * that is written often. What fails ends the program. */
#ifndef DATABASE_H
#define DATABASE_H

#include <sqlite3.h>
#include <unistd.h>

#include "job.h"

struct database {
    char path[4096];
    sqlite3 *db;
    sqlite3_stmt *insert;
};

static inline void database_check(struct database *self, int status)
{
    if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
        job_fail("sqlite", self->db ? sqlite3_errmsg(self->db) : sqlite3_errstr(status));
}

static inline void database_run(struct database *self, const char *sql)
{
    database_check(self, sqlite3_exec(self->db, sql, NULL, NULL, NULL));
}

static inline void database_open(struct database *self)
{
    const char *dir = getenv("TMPDIR");
    int fd;

    snprintf(self->path, sizeof self->path, "%s/bench.XXXXXX", dir ? dir : "/tmp");
    fd = mkstemp(self->path);
    if (fd < 0)
        job_fail(self->path, "cannot be made");
    close(fd);
    database_check(self, sqlite3_open(self->path, &self->db));
    database_run(self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                       "CREATE TABLE items (number INTEGER PRIMARY KEY, result INTEGER)");
    database_check(self, sqlite3_prepare_v2(self->db, "INSERT INTO items VALUES (?, ?)", -1, &self->insert, NULL));
}

static inline void database_add(struct database *self, uint64_t number)
{
    sqlite3_bind_int64(self->insert, 1, (sqlite3_int64)number);
    sqlite3_bind_int64(self->insert, 2, (sqlite3_int64)triple(number));
    database_check(self, sqlite3_step(self->insert));
    database_check(self, sqlite3_reset(self->insert));
}

/* Closes it and removes its file. Returns the sum of the results in it. */
static inline uint64_t database_close(struct database *self)
{
    sqlite3_stmt *sum;
    uint64_t result;

    database_check(self, sqlite3_prepare_v2(self->db, "SELECT sum(result) FROM items", -1, &sum, NULL));
    database_check(self, sqlite3_step(sum));
    result = (uint64_t)sqlite3_column_int64(sum, 0);
    sqlite3_finalize(sum);
    sqlite3_finalize(self->insert);
    database_check(self, sqlite3_close(self->db));
    unlink(self->path);
    return result;
}

#endif
