/* Numbers as people read them: the same in every locale.
 */
#ifndef FIGURE_H
#define FIGURE_H

#include <stdint.h>

/* Texts are at most FIGURE_MOST bytes with their end. */
enum { FIGURE_MOST = 40 };

void figure_count(char *text, uint64_t count);   /* 1,234,567 */
void figure_short(char *text, uint64_t count);   /* three digits: 999, 1.23K, 45.6M */
void figure_rate(char *text, double per_second); /* three digits: 0.5/s, 12.3/s, 1.23 K/s */
void figure_bytes(char *text, uint64_t bytes);   /* 12 B, 1.23 KiB */
void figure_age(char *text, double seconds);     /* 59 s, 12:05, 3:00:00, 12 d */

#endif
