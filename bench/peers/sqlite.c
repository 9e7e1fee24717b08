/* Items into a database, in one transaction and on one core.
 *
 *     sqlite sqlite items=N */
#include "../database.h"

static uint64_t insert_all(const struct job *job)
{
    struct database database;

    database_open(&database);
    database_run(&database, "BEGIN");
    for (uint64_t i = 0; i < job->items; i++)
        database_add(&database, i);
    database_run(&database, "COMMIT");
    return database_close(&database);
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = { { "sqlite", insert_all } };

    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}
