/*
 * damage.h
 *		Telling of damaged data instead of failing by it.
 */
#ifndef NORMFREEZE_DAMAGE_H
#define NORMFREEZE_DAMAGE_H

#include "pg/base/compat.h"

/*
 * Run a step.  If it fails since data is damaged, whether storage cannot give
 * it back or its bytes make no sense, the result is the error's message, in
 * the current context; NULL if the step ran to its end.  Any other error goes
 * on.  A subtransaction sees to what the step held when it failed: locks,
 * pins, references, connections to SPI.  So this cannot be run in parallel
 * mode, and who calls it is PARALLEL UNSAFE.
 */
extern char *DamageFoundBy(void (*step) (void *arg), void *arg);

#endif							/* NORMFREEZE_DAMAGE_H */
