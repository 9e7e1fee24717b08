#include <math.h>

struct points_point { double x, y; };
