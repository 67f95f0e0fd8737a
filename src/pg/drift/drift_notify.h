/*
 * drift_notify.h
 *		Telling those who listen that a verdict got worse.
 */
#ifndef NORMFREEZE_DRIFT_NOTIFY_H
#define NORMFREEZE_DRIFT_NOTIFY_H

#include "pg/base/compat.h"

#include "core/compare/feature_drift.h"

#define DRIFT_CHANNEL	"normfreeze_drift"

/* At commit; features are those of the entry, as jsonb. */
extern void NotifyDrift(int64 id, int32 seq, const char *label, DriftVerdict verdict, DriftVerdict before,
						Datum features);

#endif							/* NORMFREEZE_DRIFT_NOTIFY_H */
