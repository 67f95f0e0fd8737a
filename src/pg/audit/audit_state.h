/*
 * audit_state.h
 *		The state of the aggregate audit(), and the scaler that it is about.
 */
#ifndef NORMFREEZE_AUDIT_STATE_H
#define NORMFREEZE_AUDIT_STATE_H

#include "pg/base/compat.h"

#include "core/compare/agreement.h"
#include "core/values/profile.h"
#include "core/values/row_sample.h"
#include "core/values/value_store.h"
#include "pg/apply/column_call.h"
#include "pg/base/features.h"
#include "pg/scaler/loaded_scaler.h"
#include "pg/scaler/scaler_view.h"

/* The scaler that an audit is about.  There is one for each scaler in a query, whatever the number of groups. */
typedef struct AuditScaler
{
	struct AuditScaler *next;
	MemoryContext context;		/* lives as long as the query */
	bool		by_id;
	bytea	   *bytes;
	ScalerView	view;			/* of bytes */
	LoadedScaler *loaded;
	int			n;				/* number of inputs */
	bool	   *stored;			/* by input: a refit needs all its values */
	bool		any_stored;
	RowMap		maps[3];		/* by argument */
	ColumnCall *columns;		/* columns that stand for argument 1; NULL if there were none yet */
	FeatureBuffer raw;
	FeatureBuffer observed;

	struct AuditBackground *background; /* what final functions read from the registry, once for all groups */

	/* working space for one row */
	double	   *x;
	double	   *y;
	float	   *single_x;
	float	   *single_y;
	bool	   *nulls;
	OutputKind *kinds;
	AgreementGrade *grades;
	uint64	   *words;
} AuditScaler;

/* The state of one group. */
typedef struct AuditState
{
	MemoryContext context;
	AuditScaler *scaler;
	bool		single;			/* both arguments are real[], so the arithmetic is that of float4 */
	int64		rows;
	Agreement  *agreements;
	Profile		raw;
	Profile		expected;
	Profile		observed;
	ValueStore *stores;			/* raw values by input; NULL if none are needed, or once there are too many */
	uint64		stored_values;
	bool		stores_dropped;
	RowSample	agreeing;		/* rows in which every value is that of the scaler, bit for bit */
	RowSample	differing;
	RowSample  *by_feature;		/* by input: a few rows in which it differs, since a rare one might miss the sample;
								 * NULL with many features */
} AuditState;

/* With more features than this, by_feature would take more memory than all else. */
#define AUDIT_MOST_BY_FEATURE	64

/* The number of words in a sampled row: raw values, observed values, then a bit for each NULL among both. */
static inline int
AuditRowWords(int n)
{
	return 2 * n + (2 * n + 63) / 64;
}

/* Return whether the i-th value of a sampled row is NULL; raw values come first. */
static inline bool
AuditRowNull(const uint64 *words, int n, int i)
{
	return (words[2 * n + i / 64] >> (i % 64)) & 1;
}

/* ---- audit_scaler.c ---- */

/*
 * Return the scaler of an audit by its id, its name or its value.  It is kept in fn_extra, which belongs to us
 * in aggregates of type internal.
 *
 * Fails if the current user may not read the scaler.
 */
extern AuditScaler *AuditScalerById(FunctionCallInfo fcinfo, int64 id);
extern AuditScaler *AuditScalerByRef(FunctionCallInfo fcinfo, text *ref);
extern AuditScaler *AuditScalerByValue(FunctionCallInfo fcinfo, const bytea *value);

/* Read the profile of the training set.  Return false if it was not kept or the current user may not read it. */
extern bool ReadTrainingProfile(Profile *training, const AuditScaler *scaler);

/* Fail if two rows of an audit have different scalers. */
extern void CheckSameAuditScaler(const AuditScaler *first, const AuditScaler *scaler);

/* Write which scaler an audit is about, for another process to find it by GetAuditScaler(). */
extern void PutAuditScaler(ByteWriter *writer, const AuditScaler *scaler);
extern AuditScaler *GetAuditScaler(FunctionCallInfo fcinfo, ByteReader *reader);

/*
 * Check the arguments of a transition function.
 *
 * Arguments from 1 on are values, "nvalues" of them, and the scaler follows.  If columns stand for argument 1,
 * their names and the columns themselves come last; argument 1 is then NULL, of the type of their row.
 */
extern void AuditCheckArguments(FunctionCallInfo fcinfo, int nvalues);

/*
 * Return the values of an argument in the order of the scaler's inputs, NaN where missing; the buffer has the
 * flags of NULLs.
 *
 * Sets *single if the argument is a real[].  Fails if the number of values is wrong or a feature has no column.
 */
extern const double *AuditReadArgument(FunctionCallInfo fcinfo, AuditScaler *scaler, int arg, FeatureBuffer *buffer,
									   bool *single);

/* ---- audit_expect.c ---- */

/*
 * Set "expected" to the scaler's output for a row, NaN where it is not a value, and "kinds" to what kind of
 * output it is.
 *
 * "nulls" may be NULL.  If "single", the arithmetic is that of float4.
 */
extern void AuditExpect(AuditScaler *scaler, bool single, const double *raw, const bool *nulls,
						double *expected, OutputKind *kinds);

/* ---- audit.c ---- */

/* The format of the jsonb that audits return: its key "audit". */
#define AUDIT_FORMAT	1

/* Of the aggregates' AggregateStateKind */
#define AUDIT_STATE_CONTENT			"what a parallel worker found in an audit"
#define AUDIT_STATE_TOO_LONG_HINT	"Lower normfreeze.fit_memory, or SET max_parallel_workers_per_gather = 0."

/* Report that an aggregate saw no rows. */
pg_noreturn extern void NoRowsToAudit(void);

/* Write a profile, settled: its bytes do not depend on the order of the rows. */
extern void PutSettledProfile(ByteWriter *writer, const Profile *profile);
extern void GetSettledProfile(Profile *profile, ByteReader *reader, int n);

/* Return the result of audit() as jsonb. (audit_json.c) */
extern Datum AuditResult(AuditState *state);

#endif							/* NORMFREEZE_AUDIT_STATE_H */
