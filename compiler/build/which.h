/* Programs on PATH. */
#ifndef WHICH_H
#define WHICH_H

/* The file that starting `name` runs, from the root and without links; to be freed. NULL where there is none. */
char *which_program(const char *name);

#endif
