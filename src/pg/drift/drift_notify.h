/*
 * drift_notify.h
 *		The notification that the verdict on a scaler got worse.
 */
#ifndef NORMFREEZE_DRIFT_NOTIFY_H
#define NORMFREEZE_DRIFT_NOTIFY_H

#include "pg/base/compat.h"

#include "core/compare/feature_drift.h"

#define DRIFT_CHANNEL	"normfreeze_drift"

/* Send the notification, at commit.  features is the column of the new entry. */
extern void NotifyDrift(int64 id, int32 seq, const char *label, DriftVerdict verdict, DriftVerdict before,
						Datum features);

#endif							/* NORMFREEZE_DRIFT_NOTIFY_H */
