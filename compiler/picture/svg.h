/* A sketch as SVG. */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

#include "picture/sketch.h"

/* Requires: the sketch is arranged. One element a line, but for what stands in a group. */
void svg_write(const struct sketch *sketch, FILE *to);

#endif
