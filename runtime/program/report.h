/* What --stats prints of a run, on standard error. */
#ifndef PRT_REPORT_H
#define PRT_REPORT_H

#include "program/account.h"

void prt_report_table_(const struct prt_account *account); /* for people, in 80 columns */
void prt_report_json_(const struct prt_account *account);  /* one line; docs/figures.md says what stands in it */

#endif
