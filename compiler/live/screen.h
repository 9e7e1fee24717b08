/* A terminal that is drawn upon as a whole, and given back as it was, however the program ends.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* What screen_key() returns beside letters. */
enum screen_key {
    KEY_NONE = -1,   /* the time is over */
    KEY_RESIZE = -2, /* the terminal has another size, or shows something else: draw again */
    KEY_END = -3,    /* a signal asks us to end, or the terminal is gone */
    KEY_UP = 256, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME
};

/* Standard input and output are a terminal, which is taken. False: it cannot be. */
bool screen_open(void);

/* Gives it back. Where a signal asked for the end, ends as it would have without us. */
void screen_close(void);

/* Of the terminal that was opened; 80 and 24 where it does not say. */
void screen_size(size_t *columns, size_t *rows);

/* Columns of standard output, whether it was opened or not; 0: it is no terminal, or does not say. */
size_t screen_columns(void);

/* Shows `text`, which is to begin in the upper left corner and have no more lines than there are rows. */
void screen_show(const char *text, size_t size);

/* The next key, within so many ms. */
int screen_key(int ms);

#endif
