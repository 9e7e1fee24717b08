/* A sketch as text that another program makes a picture of, and places what it names. */
#ifndef OUTLINE_H
#define OUTLINE_H

#include <stdio.h>

#include "picture/sketch.h"

/* For graphviz, and for Mermaid, which pages of Markdown may contain. A channel with one sender and one receiver is an
 * edge with a label, any other one a node. */
void dot_write(const struct sketch *sketch, enum direction direction, FILE *to);
void mermaid_write(const struct sketch *sketch, enum direction direction, FILE *to);

#endif
