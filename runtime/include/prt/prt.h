/* The runtime of programs that pipec emits. */
#ifndef PRT_PRT_H
#define PRT_PRT_H

#include <prt/cast.h>
#include <prt/child.h>
#include <prt/errno.h>
#include <prt/key.h>
#include <prt/option.h>
#include <prt/run.h>
#include <prt/types.h>
#include <prt/units.h>
#include <prt/worker.h>

#endif
