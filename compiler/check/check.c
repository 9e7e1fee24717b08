/* The list of checks.
 */
#include "check/check.h"

void check_all(const struct facts *facts, struct diags *diags)
{
    struct check check = { .ast = facts->ast, .facts = facts, .graph = facts->graph, .diags = diags,
                           .memory = facts->memory };

    check.whole = diags_are_whole(diags);
    check_later(&check);
    check_bodies(&check);
    check_tries(&check);
    check_functions(&check);
    check_helpers(&check);
    check_names(&check);
    check_test(&check);
    check_symbols(&check);
    check_parts(&check);
    check_part_words(&check);
    check_states(&check);
    check_types(&check);
    check_records(&check);
    check_shape(&check);
    check_inline(&check);
    check_daemons(&check);
    check_zips(&check);
    check_drop(&check);
    check_cast(&check);
    check_attempts(&check);
    check_batches(&check);
    check_weights(&check);
    check_keys(&check);
    check_pull(&check);
    if (check.whole) {
        check_deadlock(&check);
        check_meetings(&check);
        check_unproven(&check);
        check_sense(&check);
        check_scattered(&check);
    }
}
