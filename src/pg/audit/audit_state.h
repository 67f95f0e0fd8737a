/*
 * audit_state.h
 *		What the aggregate audit() has seen.
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

/* The scaler that an audit is about; one for each in a query, whatever the number of groups. */
typedef struct AuditScaler
{
	struct AuditScaler *next;
	MemoryContext context;		/* of the query */
	bool		by_id;
	bytea	   *bytes;
	ScalerView	view;			/* of these */
	LoadedScaler *loaded;
	int			n;				/* inputs */
	bool	   *stored;			/* by input: its parameters depend on all values */
	bool		any_stored;
	RowMap		maps[3];		/* by argument */
	ColumnCall *columns;		/* that stand for argument 1; NULL: none yet */
	FeatureBuffer raw;
	FeatureBuffer observed;

	struct AuditBackground *background; /* what final functions read of the registry, once for all groups */

	/* room for one row */
	double	   *x;
	double	   *y;
	float	   *single_x;
	float	   *single_y;
	bool	   *nulls;
	OutputKind *kinds;
	AgreementGrade *grades;
	uint64	   *words;
} AuditScaler;

typedef struct AuditState
{
	MemoryContext context;
	AuditScaler *scaler;
	bool		single;			/* both sides are real[]: the arithmetic is that of float4 */
	int64		rows;
	Agreement  *agreements;
	Profile		raw;
	Profile		expected;
	Profile		observed;
	ValueStore *stores;			/* of raw values, by input; NULL without, or once they were too many */
	uint64		stored_values;
	bool		stores_dropped;
	RowSample	agreeing;		/* rows in which every value is that of the scaler, bit for bit */
	RowSample	differing;
	RowSample  *by_feature;		/* a few rows that differ in each feature, else too rare to be found; NULL with many
								 * features */
} AuditState;

/* With more features than this, by_feature would outgrow the rest. */
#define AUDIT_MOST_BY_FEATURE	64

/* A row of a sample: raw values, observed values, then a bit for each NULL among both. */
static inline int
AuditRowWords(int n)
{
	return 2 * n + (2 * n + 63) / 64;
}

static inline bool
AuditRowNull(const uint64 *words, int n, int i)
{
	return (words[2 * n + i / 64] >> (i % 64)) & 1;
}

/* ---- audit_scaler.c ---- */

/*
 * Scalers are kept in fn_extra, which is ours in aggregates of type internal;
 * the current user must be allowed to read them.
 */
extern AuditScaler *AuditScalerById(FunctionCallInfo fcinfo, int64 id);
extern AuditScaler *AuditScalerByRef(FunctionCallInfo fcinfo, text *ref);
extern AuditScaler *AuditScalerByValue(FunctionCallInfo fcinfo, const bytea *value);

/* What it was fitted on, as far as the current user may see it; false if that is not at hand. */
extern bool ReadTrainingProfile(Profile *training, const AuditScaler *scaler);
extern void CheckSameAuditScaler(const AuditScaler *first, const AuditScaler *scaler);
extern void PutAuditScaler(ByteWriter *writer, const AuditScaler *scaler);
extern AuditScaler *GetAuditScaler(FunctionCallInfo fcinfo, ByteReader *reader);

/*
 * Of a transition function: so many arguments with values from 1 on, then the
 * scaler; and if columns stand for argument 1, which is NULL of the type of
 * their row, the names of these, and they themselves.
 */
extern void AuditCheckArguments(FunctionCallInfo fcinfo, int nvalues);
extern const double *AuditReadArgument(FunctionCallInfo fcinfo, AuditScaler *scaler, int arg, FeatureBuffer *buffer,
									   bool *single);

/* ---- audit_expect.c ---- */

/* What the scaler makes of a row: values (NaN if missing) and kinds. */
extern void AuditExpect(AuditScaler *scaler, bool single, const double *raw, const bool *nulls,
						double *expected, OutputKind *kinds);

/* ---- audit.c ---- */

/* Of the jsonb that audits return: "audit" */
#define AUDIT_FORMAT	1

/* Of the aggregates' AggregateStateKind */
#define AUDIT_STATE_CONTENT			"what a parallel worker found in an audit"
#define AUDIT_STATE_TOO_LONG_HINT	"Lower normfreeze.fit_memory, or SET max_parallel_workers_per_gather = 0."

pg_noreturn extern void NoRowsToAudit(void);

extern void PutSettledProfile(ByteWriter *writer, const Profile *profile);
extern void GetSettledProfile(Profile *profile, ByteReader *reader, int n);

/* audit_json.c */
extern Datum AuditResult(AuditState *state);

#endif							/* NORMFREEZE_AUDIT_STATE_H */
