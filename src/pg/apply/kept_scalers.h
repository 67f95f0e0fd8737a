/*
 * kept_scalers.h
 *		What the session keeps of decoded scalers: no more than normfreeze.scaler_cache_size, those used last.
 */
#ifndef NORMFREEZE_KEPT_SCALERS_H
#define NORMFREEZE_KEPT_SCALERS_H

#include "pg/base/compat.h"

#include "lib/ilist.h"
#include "pg/scaler/loaded_scaler.h"

/* A part of an entry of the table by which a scaler is found; the address of the entry must not change. */
typedef struct KeptScaler
{
	dlist_node	node;
	LoadedScaler *scaler;
	Size		bytes;			/* of its memory context, when that was looked at last */
	void		(*forget) (struct KeptScaler *kept);	/* take the entry out of its table */
} KeptScaler;

/* The context that the scalers and the tables by which they are found are in. */
extern MemoryContext KeptScalersContext(void);

/*
 * Keep a scaler.  The reference that it was loaded with is that of the session from now on: the caller takes one
 * of its own before anything else is kept or released.
 */
extern void KeepScaler(KeptScaler *kept, LoadedScaler *scaler, void (*forget) (KeptScaler *kept));

/* Note that a kept scaler has been found: of all it is the last to go. */
extern void UseKeptScaler(KeptScaler *kept);

/* Forget a scaler.  Queries that use it have it until they release it. */
extern void DropKeptScaler(KeptScaler *kept);

/* Return whether the kept scalers take more than the setting, which they may while queries use them. */
extern bool KeptScalersAreTooMany(void);

#endif							/* NORMFREEZE_KEPT_SCALERS_H */
