/* The lists of checks, each ended by one without a name, in the order in which they run. */
#ifndef ABI_CHECKS_H
#define ABI_CHECKS_H

#include "verdict.h"

extern const struct check query_checks[];
extern const struct check context_checks[];
extern const struct check message_checks[];
extern const struct check silence_checks[];
extern const struct check session_checks[];
extern const struct check media_checks[];
extern const struct check end_checks[];
extern const struct check cycle_checks[];
/* Leaves the module in the process: run alone. */
extern const struct check hang_checks[];

#endif
