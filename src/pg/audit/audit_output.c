/*
 * audit_output.c
 *		The aggregate audit(observed, scaler): do values look like a scaler's
 *		output, where the raw ones are not at hand?
 *
 * Nothing can be proved without them.  But what was scaled rightly, scaled
 * back, is distributed as the training set was; and so are, scaled back twice
 * or not at all, values that were scaled twice or not at all.  The reading
 * under which the values are nearest to the training set is what they look like.
 */
#include "pg/base/compat.h"

#include "core/compare/explanation.h"
#include "core/compare/likeness.h"
#include "lib/stringinfo.h"
#include "pg/audit/audit_state.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* ---- readings ---- */

/* What observed values may be, and the raw values that they then come from. */
typedef struct Reading
{
	const char *name;			/* a diagnosis */
	const char *text;
	double		(*raw) (const FeatureRecipe *feature, double y);
} Reading;

static double
RawOfApplied(const FeatureRecipe *feature, double y)
{
	return InvertFeature(feature, y);
}

static double
RawOfRaw(const FeatureRecipe *feature, double y)
{
	return y;
}

static double
RawOfTwice(const FeatureRecipe *feature, double y)
{
	return InvertFeature(feature, InvertFeature(feature, y));
}

static double
RawOfInverse(const FeatureRecipe *feature, double y)
{
	return ApplyFeature(feature, y);
}

#define READING_APPLIED		0

static const Reading readings[] = {
	[READING_APPLIED] = {"consistent", "this scaler's output", RawOfApplied},
	{"not_applied", "raw values, to which no scaler was applied", RawOfRaw},
	{"applied_twice", "the scaler applied to its own output", RawOfTwice},
	{"inverse_applied", "the inverse, applied in place of the scaler", RawOfInverse},
};

#define NREADINGS	lengthof(readings)

/* ---- the state ---- */

typedef struct OutputState
{
	MemoryContext context;
	AuditScaler *scaler;
	Profile		raw[NREADINGS]; /* what the raw values would have been */
} OutputState;

static OutputState *
MakeState(MemoryContext context, AuditScaler *scaler)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	OutputState *state = palloc0(sizeof(OutputState));

	state->context = context;
	state->scaler = scaler;
	for (int k = 0; k < NREADINGS; k++)
		ProfileInit(&state->raw[k], scaler->n, NULL, HISTOGRAM_DEFAULT_SIZE);
	MemoryContextSwitchTo(old);
	return state;
}

/* Row norms have no inverse: there is no reading but that nothing was applied. */
static bool
HasReadings(const FeatureRecipe *feature)
{
	return FormulaHasInverse(feature->formula, feature->param);
}

static void
AddRow(OutputState *state, const double *observed, const bool *nulls)
{
	AuditScaler *scaler = state->scaler;
	MemoryContext old = MemoryContextSwitchTo(state->context);

	for (int k = 0; k < NREADINGS; k++)
	{
		for (int i = 0; i < scaler->n; i++)
		{
			const FeatureRecipe *feature = scaler->loaded->transform.slots[i];

			scaler->x[i] = HasReadings(feature) && !isnan(observed[i]) ? readings[k].raw(feature, observed[i]) : observed[i];
		}
		ProfileAddRow(&state->raw[k], scaler->x, nulls);
	}
	MemoryContextSwitchTo(old);
}

static Datum
Transition(FunctionCallInfo fcinfo, AuditScaler *scaler)
{
	MemoryContext context = AggregateContext(fcinfo);
	OutputState *state = PG_ARGISNULL(0) ? NULL : (OutputState *) PG_GETARG_POINTER(0);
	bool		single;
	const double *observed = AuditReadArgument(fcinfo, scaler, 1, &scaler->observed, &single);

	if (state == NULL)
	{
		CheckFloatEnvironment();
		state = MakeState(context, scaler);
	}
	else
		CheckSameAuditScaler(state->scaler, scaler);
	AddRow(state, observed, scaler->observed.any_null ? scaler->observed.nulls : NULL);
	PG_RETURN_POINTER(state);
}

/* audit(observed, scaler_id) */
PG_FUNCTION_INFO_V1(audit_output_transition);
Datum
audit_output_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return Transition(fcinfo, AuditScalerById(fcinfo, PG_GETARG_INT64(2)));
}

/* audit(observed, ref) */
PG_FUNCTION_INFO_V1(audit_output_ref_transition);
Datum
audit_output_ref_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return Transition(fcinfo, AuditScalerByRef(fcinfo, PG_GETARG_TEXT_PP(2)));
}

/* audit(observed, scaler) */
PG_FUNCTION_INFO_V1(audit_output_value_transition);
Datum
audit_output_value_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return Transition(fcinfo, AuditScalerByValue(fcinfo, PG_GETARG_BYTEA_PP(2)));
}

PG_FUNCTION_INFO_V1(audit_output_combine);
Datum
audit_output_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = AggregateContext(fcinfo);
	OutputState *state = PG_ARGISNULL(0) ? NULL : (OutputState *) PG_GETARG_POINTER(0);
	OutputState *other = PG_ARGISNULL(1) ? NULL : (OutputState *) PG_GETARG_POINTER(1);
	MemoryContext old;

	if (other)
	{
		if (state == NULL)
			state = MakeState(context, other->scaler);
		CheckSameAuditScaler(state->scaler, other->scaler);
		old = MemoryContextSwitchTo(state->context);
		for (int k = 0; k < NREADINGS; k++)
			ProfileMerge(&state->raw[k], &other->raw[k]);
		MemoryContextSwitchTo(old);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(audit_output_serialize);
Datum
audit_output_serialize(PG_FUNCTION_ARGS)
{
	OutputState *state = (OutputState *) PG_GETARG_POINTER(0);
	ByteWriter	writer;

	AggregateContext(fcinfo);
	WriterInit(&writer, 4096);
	PutUint32(&writer, 0);		/* room for the varlena header */
	PutAuditScaler(&writer, state->scaler);
	for (int k = 0; k < NREADINGS; k++)
		PutSettledProfile(&writer, &state->raw[k]);
	CheckAuditStateSize(writer.length);
	SET_VARSIZE(writer.data, writer.length);
	PG_RETURN_BYTEA_P((bytea *) writer.data);
}

PG_FUNCTION_INFO_V1(audit_output_deserialize);
Datum
audit_output_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	OutputState *state;
	ByteReader	reader;

	AggregateContext(fcinfo);
	ReaderInit(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state = MakeState(CurrentMemoryContext, GetAuditScaler(fcinfo, &reader));
	for (int k = 0; k < NREADINGS; k++)
		GetSettledProfile(&state->raw[k], &reader, state->scaler->n);
	if (reader.failed || BytesLeft(&reader) != 0)
		elog(ERROR, "malformed state of an audit");
	PG_RETURN_POINTER(state);
}

/* ---- judging ---- */

typedef enum Basis
{
	BASIS_PROFILE,
	BASIS_RANGE,				/* the least and greatest training value are all that is known */
	BASIS_NOTHING
} Basis;

static const char *const basis_names[] = {"profile", "range", "nothing"};

/* Of a distance between distribution functions: near, and how much farther all other readings must be. */
#define NEAR			0.25
#define APART			0.25

/* By the range alone: this share of the values in it, over so much of its width. */
#define MOST_INSIDE		0.95
#define LEAST_WIDTH		0.1

typedef struct OutputFinding
{
	Basis		basis;
	const char *verdict;		/* consistent, inconsistent, unknown */
	const char *diagnosis;		/* NULL if consistent */
	char	   *evidence;
	double		distance[NREADINGS];	/* NaN where there is none */
	int64_t		missing;
} OutputFinding;

typedef struct OutputAudit
{
	OutputState *state;
	Profile		raw[NREADINGS]; /* settled */
	bool		trained;
	Profile		training;		/* with distribution */
	const char *why_not;		/* there is none */
} OutputAudit;

static void
ReadTraining(OutputAudit *audit)
{
	const ScalerView *view = &audit->state->scaler->view;

	audit->trained = ReadTrainingProfile(&audit->training, audit->state->scaler);
	if (!audit->trained)
		audit->why_not = view->digest
			? "the profile of the training set was not kept, was purged, or is not for the current user to read"
			: "the scaler was imported, and has no profile of a training set";
	else if (audit->training.histograms == NULL)
	{
		audit->trained = false;
		audit->why_not = "the profile of the training set has no distribution";
	}
}

/* Rounding, even to float4, moves values by less than this. */
static double
SlackOfRange(double min, double max)
{
	return 1e-6 * (max - min) + 1e-9 * fmax(fabs(min), fabs(max));
}

static void
MeasureByProfile(const OutputAudit *audit, OutputFinding *finding, int i, int t)
{
	const Moments *m = &audit->training.moments[t];

	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = DistanceAtLeast(m, &audit->training.histograms[t], &audit->raw[k].moments[i],
											   &audit->raw[k].histograms[i], SlackOfRange(m->min, m->max));
}

/* 0 for values within the range that span enough of it; else how far they are from that, up to 1. */
static double
DistanceFromRange(const FeatureRecipe *feature, const Profile *raw, int i)
{
	const Moments *m = &raw->moments[i];
	double		slack = SlackOfRange(feature->lower, feature->upper);
	uint64		inside = 0;
	HistogramCell *cells;
	uint32		ncells;

	if (m->count == 0)
		return NAN;
	if (m->max - m->min < LEAST_WIDTH * (feature->upper - feature->lower))
		return 1.0;
	cells = palloc(sizeof(HistogramCell) * (raw->histograms[i].ncells + 1));
	ncells = HistogramFoldedCells(&raw->histograms[i], raw->histograms[i].relative_level,
								  raw->histograms[i].linear_level, cells);
	for (uint32 c = 0; c < ncells; c++)
		if (cells[c].high >= feature->lower - slack && cells[c].low <= feature->upper + slack)
			inside += cells[c].count;
	pfree(cells);
	return (double) inside >= MOST_INSIDE * (double) m->count ? 0.0 : 1.0;
}

static void
MeasureByRange(const OutputAudit *audit, OutputFinding *finding, const FeatureRecipe *feature, int i)
{
	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = DistanceFromRange(feature, &audit->raw[k], i);
}

/* The nearest reading, and the nearest of the others; -1 if there is none. */
static void
FindNearest(const OutputFinding *finding, int *nearest, int *next)
{
	*nearest = *next = -1;
	for (int k = 0; k < NREADINGS; k++)
	{
		if (isnan(finding->distance[k]))
			continue;
		if (*nearest < 0 || finding->distance[k] < finding->distance[*nearest])
		{
			*next = *nearest;
			*nearest = k;
		}
		else if (*next < 0 || finding->distance[k] < finding->distance[*next])
			*next = k;
	}
}

static void
Unknown(OutputFinding *finding, char *evidence)
{
	finding->verdict = finding->diagnosis = "unknown";
	finding->evidence = evidence;
}

/* The evidence for a reading, in words. */
static char *
LooksLike(const OutputFinding *finding, int nearest, int next)
{
	const char *text = readings[nearest].text;

	if (finding->basis == BASIS_RANGE)
		return psprintf("looks like %s, by the training range alone: only so do the values lie in it, and span it", text);
	if (next < 0)
		return psprintf("looks like %s: then the raw values are at a distance of %.3f from the training set", text,
						finding->distance[nearest]);
	return psprintf("looks like %s: then the raw values are at a distance of %.3f from the training set, "
					"and with any other reading of %.3f or more",
					text, finding->distance[nearest], finding->distance[next]);
}

static void
Judge(OutputFinding *finding, int64 values, int64 trained_values)
{
	int			nearest;
	int			next;

	FindNearest(finding, &nearest, &next);
	if (nearest < 0 || values == 0)
		Unknown(finding, pstrdup("there are no values, or none in the training set"));
	else if (finding->basis == BASIS_PROFILE && DistanceByChance(values, trained_values) > NEAR)
		Unknown(finding, psprintf("too few values to tell: " INT64_FORMAT ", and " INT64_FORMAT " in the training set; "
								  "by chance alone their distance may be %.3f", values, trained_values,
								  DistanceByChance(values, trained_values)));
	else if (finding->distance[nearest] > NEAR)
		Unknown(finding, finding->basis == BASIS_RANGE
				? pstrdup("looks like nothing that is known: by no reading do the values lie in the training range and span it")
				: psprintf("looks like nothing that is known: the nearest reading (%s) gives raw values at a distance of %.3f "
						   "from the training set, more than %.2f: other parameters, or other data",
						   readings[nearest].text, finding->distance[nearest], NEAR));
	else if (next >= 0 && finding->distance[next] < finding->distance[nearest] + APART)
		Unknown(finding, psprintf("cannot tell: it looks like %s, and about as much like %s",
								  readings[nearest].text, readings[next].text));
	else
	{
		finding->verdict = nearest == READING_APPLIED ? "consistent" : "inconsistent";
		finding->diagnosis = nearest == READING_APPLIED ? NULL : readings[nearest].name;
		finding->evidence = LooksLike(finding, nearest, next);
	}
}

static void
JudgeOutput(const OutputAudit *audit, OutputFinding *finding, int i)
{
	const LoadedScaler *loaded = audit->state->scaler->loaded;
	const FeatureRecipe *feature = loaded->transform.slots[i];
	int			t = (int) (feature - loaded->recipe.features);
	int64		values = audit->raw[READING_APPLIED].moments[i].count;

	memset(finding, 0, sizeof(*finding));
	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = NAN;
	finding->missing = MomentsMissing(&audit->raw[READING_APPLIED].moments[i]);
	finding->basis = BASIS_NOTHING;
	if (!HasReadings(feature))
		Unknown(finding, psprintf("the formula of this feature (%s) has no inverse", feature->formula->forward_text));
	else if (audit->trained)
	{
		finding->basis = BASIS_PROFILE;
		MeasureByProfile(audit, finding, i, t);
		Judge(finding, values, audit->training.moments[t].count);
	}
	else if (RangeIsKnown(feature) && feature->lower < feature->upper)
	{
		finding->basis = BASIS_RANGE;
		MeasureByRange(audit, finding, feature, i);
		Judge(finding, values, 0);
		finding->evidence = psprintf("%s (%s)", finding->evidence, audit->why_not);
	}
	else
		Unknown(finding, psprintf("there is nothing to compare with: %s, and its range is not known", audit->why_not));
}

/* ---- the result ---- */

static void
AppendOutputFinding(StringInfo out, const OutputAudit *audit, const OutputFinding *finding, int i)
{
	const char *name = audit->state->scaler->loaded->transform.slots[i]->name;

	appendStringInfo(out, "{\"ordinal\": %d", i + 1);
	AppendJsonTextMember(out, "feature", name);
	AppendJsonTextMember(out, "verdict", finding->verdict);
	AppendJsonTextMember(out, "diagnosis", finding->diagnosis);
	AppendJsonTextMember(out, "detail", NULL);
	AppendJsonTextMember(out, "evidence", finding->evidence);
	appendStringInfo(out, ", \"rows\": " INT64_FORMAT ", \"equal\": null, \"within_ulps\": null, \"different\": null, "
					 "\"max_ulps\": null, \"max_deviation\": null, \"missing\": " INT64_FORMAT ", \"basis\": \"%s\", \"distances\": {",
					 (int64) audit->raw[0].rows, (int64) finding->missing, basis_names[finding->basis]);
	for (int k = 0; k < NREADINGS; k++)
	{
		appendStringInfo(out, "%s\"%s\": ", k ? ", " : "", readings[k].name);
		AppendJsonValue(out, finding->distance[k], isnan(finding->distance[k]));
	}
	appendStringInfoString(out, "}}");
}

/* One verdict for the table: that of all features of which anything is known. */
static void
Overall(const OutputFinding *findings, int n, const char **verdict, char **summary)
{
	int			counts[NREADINGS] = {0};
	int			known = 0;
	StringInfoData out;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < NREADINGS; k++)
			if (strcmp(findings[i].diagnosis ? findings[i].diagnosis : readings[READING_APPLIED].name, readings[k].name) == 0)
			{
				counts[k]++;
				known++;
			}
	initStringInfo(&out);
	for (int k = 0; k < NREADINGS; k++)
		if (counts[k] > 0)
			appendStringInfo(&out, "%s%d of %d feature%s look%s like %s", out.len ? "; " : "", counts[k], n, n == 1 ? "" : "s",
							 counts[k] == 1 ? "s" : "", readings[k].text);
	if (known < n)
		appendStringInfo(&out, "%sof %d feature%s nothing can be told", out.len ? "; " : "", n - known, n - known == 1 ? "" : "s");
	*verdict = known == 0 ? "unknown" : counts[READING_APPLIED] == known ? "consistent" : "inconsistent";
	*summary = out.data;
}

PG_FUNCTION_INFO_V1(audit_output_final);
Datum
audit_output_final(PG_FUNCTION_ARGS)
{
	OutputAudit audit = {0};
	OutputFinding *findings;
	const LoadedScaler *loaded;
	const char *verdict;
	char	   *summary;
	StringInfoData out;

	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		NoRowsToAudit();
	audit.state = (OutputState *) PG_GETARG_POINTER(0);
	loaded = audit.state->scaler->loaded;
	for (int k = 0; k < NREADINGS; k++)
		ProfileCopySettled(&audit.raw[k], &audit.state->raw[k]);
	ReadTraining(&audit);
	findings = palloc(sizeof(OutputFinding) * audit.state->scaler->n);
	for (int i = 0; i < audit.state->scaler->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		JudgeOutput(&audit, &findings[i], i);
	}
	Overall(findings, audit.state->scaler->n, &verdict, &summary);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"audit\": %d, \"raw\": false, \"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", "
					 "\"rows\": " INT64_FORMAT ", \"verdict\": \"%s\", \"summary\": ",
					 AUDIT_FORMAT, loaded->id, BytesToHex(loaded->fingerprint, DIGEST_LENGTH),
					 (int64) audit.raw[0].rows, verdict);
	AppendJsonString(&out, summary);
	appendStringInfoString(&out, ", \"features\": [");
	for (int i = 0; i < audit.state->scaler->n; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		AppendOutputFinding(&out, &audit, &findings[i], i);
	}
	appendStringInfoString(&out, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
