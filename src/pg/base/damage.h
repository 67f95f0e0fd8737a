/*
 * damage.h
 *		Turning the errors of damaged data into text, so that verify() can report them and continue.
 */
#ifndef NORMFREEZE_DAMAGE_H
#define NORMFREEZE_DAMAGE_H

#include "pg/base/compat.h"

/*
 * Run a step in a subtransaction.  Return NULL if it completes.
 *
 * If it fails because data is damaged (storage cannot read it, or its bytes are malformed), return the message
 * of the error, allocated in the current context.  Any other error is thrown again.  The subtransaction
 * releases what the step held: locks, pins, references, SPI connections.  There are no subtransactions in
 * parallel mode, so SQL functions that call this are PARALLEL UNSAFE.
 */
extern char *DamageFoundBy(void (*step) (void *arg), void *arg);

#endif							/* NORMFREEZE_DAMAGE_H */
