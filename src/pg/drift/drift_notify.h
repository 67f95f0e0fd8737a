/*
 * drift_notify.h
 *		The notification that the verdict on a scaler became worse.
 */
#ifndef NORMFREEZE_DRIFT_NOTIFY_H
#define NORMFREEZE_DRIFT_NOTIFY_H

#include "pg/base/compat.h"

#include "core/compare/feature_drift.h"

#define DRIFT_CHANNEL	"normfreeze_drift"

/*
 * Send the notification; it is delivered at commit.  "features" is that column of the new entry, and "before"
 * the verdict of the entry before it.
 */
extern void NotifyDrift(int64 id, int32 seq, const char *label, DriftVerdict verdict, DriftVerdict before,
						Datum features);

#endif							/* NORMFREEZE_DRIFT_NOTIFY_H */
