/* Numbers of the plan as pictures and tables write them.
 */
#ifndef PUT_H
#define PUT_H

#include "plan/plan.h"

/* "3", "auto", or a param's name; "16", "*", "0" or a param's name. They return how many letters they wrote. */
int put_amount(FILE *to, const struct amount *amount);
int put_workers(FILE *to, const struct planned_stage *stage);
int put_cap(FILE *to, const struct planned_channel *channel);

#endif
