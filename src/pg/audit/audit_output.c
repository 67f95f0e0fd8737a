/*
 * audit_output.c
 *		The aggregate audit(observed, scaler), for where the raw values are not at hand.
 *
 * Nothing can be proved without raw values.  But the inverse of values that were scaled rightly is
 * distributed like the training set.  The same holds for the inverse applied twice to values that
 * were scaled twice, and for values that were not scaled as they are.  These readings of the
 * values are in audit_readings.c; the one that comes nearest to the training set is what the
 * values look like.
 */
#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/audit/audit_output_judge.h"
#include "pg/base/aggregate_state.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* ---- the state ---- */

typedef struct OutputState
{
	MemoryContext context;
	AuditScaler *scaler;
	Profile		raw[NREADINGS]; /* by reading: what the raw values would have been */
} OutputState;

static OutputState *
MakeOutputState(MemoryContext context, AuditScaler *scaler)
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

/* Add one row: the raw values that it would come from, by each reading.  "nulls" may be NULL.  */
static void
AddOutputRow(OutputState *state, const double *observed, const bool *nulls)
{
	AuditScaler *scaler = state->scaler;
	MemoryContext old = MemoryContextSwitchTo(state->context);

	for (int k = 0; k < NREADINGS; k++)
	{
		for (int i = 0; i < scaler->n; i++)
		{
			const FeatureRecipe *feature = scaler->loaded->transform.slots[i];

			scaler->x[i] = FeatureHasReadings(feature) && !isnan(observed[i]) ? readings[k].raw(feature, observed[i]) :
				observed[i];
		}
		ProfileAddRow(&state->raw[k], scaler->x, nulls);
	}
	MemoryContextSwitchTo(old);
}

/*
 * The transition function of all three signatures, once the scaler has been found.  Argument 1 is the observed
 * values.
 */
static Datum
OutputTransition(FunctionCallInfo fcinfo, AuditScaler *scaler)
{
	MemoryContext context = AggregateContext(fcinfo);
	OutputState *state = AggregateStateArgument(fcinfo, 0);
	bool		single;
	const double *observed = AuditReadArgument(fcinfo, scaler, 1, &scaler->observed, &single);

	if (state == NULL)
	{
		CheckFloatEnvironment();
		state = MakeOutputState(context, scaler);
	}
	else
		CheckSameAuditScaler(state->scaler, scaler);
	AddOutputRow(state, observed, scaler->observed.any_null ? scaler->observed.nulls : NULL);
	PG_RETURN_POINTER(state);
}

/* audit(observed, scaler_id) */
PG_FUNCTION_INFO_V1(audit_output_transition);
Datum
audit_output_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return OutputTransition(fcinfo, AuditScalerById(fcinfo, PG_GETARG_INT64(2)));
}

/* audit(observed, ref) */
PG_FUNCTION_INFO_V1(audit_output_ref_transition);
Datum
audit_output_ref_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return OutputTransition(fcinfo, AuditScalerByRef(fcinfo, PG_GETARG_TEXT_PP(2)));
}

/* audit(observed, scaler) */
PG_FUNCTION_INFO_V1(audit_output_value_transition);
Datum
audit_output_value_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 1);
	return OutputTransition(fcinfo, AuditScalerByValue(fcinfo, PG_GETARG_BYTEA_PP(2)));
}

/* ---- merging and sending ---- */

static void *
MakeOutputStateLike(MemoryContext context, void *other)
{
	return MakeOutputState(context, ((OutputState *) other)->scaler);
}

static void
MergeOutputState(void *state_arg, void *other_arg)
{
	OutputState *state = state_arg;
	const OutputState *other = other_arg;

	CheckSameAuditScaler(state->scaler, other->scaler);
	for (int k = 0; k < NREADINGS; k++)
		ProfileMerge(&state->raw[k], &other->raw[k]);
}

static void
PutOutputState(ByteWriter *writer, void *arg)
{
	const OutputState *state = arg;

	PutAuditScaler(writer, state->scaler);
	for (int k = 0; k < NREADINGS; k++)
		PutSettledProfile(writer, &state->raw[k]);
}

static void *
GetOutputState(FunctionCallInfo fcinfo, ByteReader *reader)
{
	OutputState *state = MakeOutputState(CurrentMemoryContext, GetAuditScaler(fcinfo, reader));

	for (int k = 0; k < NREADINGS; k++)
		GetSettledProfile(&state->raw[k], reader, state->scaler->n);
	return state;
}

static const AggregateStateKind output_state = {
	.make_like = MakeOutputStateLike,
	.merge = MergeOutputState,
	.put = PutOutputState,
	.get = GetOutputState,
	.content = AUDIT_STATE_CONTENT,
	.too_long_hint = AUDIT_STATE_TOO_LONG_HINT,
};

PG_FUNCTION_INFO_V1(audit_output_combine);
Datum
audit_output_combine(PG_FUNCTION_ARGS)
{
	return CombineAggregateStates(fcinfo, &output_state);
}

PG_FUNCTION_INFO_V1(audit_output_serialize);
Datum
audit_output_serialize(PG_FUNCTION_ARGS)
{
	return SerializeAggregateState(fcinfo, &output_state);
}

PG_FUNCTION_INFO_V1(audit_output_deserialize);
Datum
audit_output_deserialize(PG_FUNCTION_ARGS)
{
	return DeserializeAggregateState(fcinfo, &output_state);
}

/* ---- the result ---- */

static const char *const basis_names[] = {"profile", "range", "nothing"};

/*
 * Append the finding of the i-th feature as a JSON object.  It has the keys of an audit with raw values, null
 * where there are no counts.
 */
static void
AppendOutputFinding(StringInfo out, const OutputAudit *audit, const OutputFinding *finding, int i)
{
	const char *name = audit->scaler->loaded->transform.slots[i]->name;

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

/* Set the verdict and the sentence for the whole audit, from the features of which anything can be told.  */
static void
Overall(const OutputFinding *findings, int n, const char **verdict, char **summary)
{
	int			counts[NREADINGS] = {0};
	int			known = 0;
	StringInfoData out;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < NREADINGS; k++)
			if (strcmp(findings[i].diagnosis ? findings[i].diagnosis : readings[READING_APPLIED].name,
					   readings[k].name) == 0)
			{
				counts[k]++;
				known++;
			}
	initStringInfo(&out);
	for (int k = 0; k < NREADINGS; k++)
		if (counts[k] > 0)
			appendStringInfo(&out, "%s%d of %d feature%s look%s like %s", out.len ? "; " : "", counts[k], n,
							 n == 1 ? "" : "s", counts[k] == 1 ? "s" : "", readings[k].text);
	if (known < n)
		appendStringInfo(&out, "%sof %d feature%s nothing can be told", out.len ? "; " : "", n - known,
						 n - known == 1 ? "" : "s");
	*verdict = known == 0 ? "unknown" : counts[READING_APPLIED] == known ? "consistent" : "inconsistent";
	*summary = out.data;
}

PG_FUNCTION_INFO_V1(audit_output_final);
Datum
audit_output_final(PG_FUNCTION_ARGS)
{
	OutputState *state;
	OutputAudit audit = {0};
	OutputFinding *findings;
	const LoadedScaler *loaded;
	const char *verdict;
	char	   *summary;
	StringInfoData out;

	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		NoRowsToAudit();
	state = (OutputState *) PG_GETARG_POINTER(0);
	audit.scaler = state->scaler;
	loaded = audit.scaler->loaded;
	for (int k = 0; k < NREADINGS; k++)
		ProfileCopySettled(&audit.raw[k], &state->raw[k]);
	ReadTrainingOfOutput(&audit);
	findings = palloc(sizeof(OutputFinding) * audit.scaler->n);
	for (int i = 0; i < audit.scaler->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		JudgeOutput(&audit, &findings[i], i);
	}
	Overall(findings, audit.scaler->n, &verdict, &summary);

	initStringInfo(&out);
	appendStringInfo(&out,
					 "{\"audit\": %d, \"raw\": false, \"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", "
					 "\"rows\": " INT64_FORMAT ", \"verdict\": \"%s\", \"summary\": ",
					 AUDIT_FORMAT, loaded->id, BytesToHex(loaded->fingerprint, DIGEST_LENGTH),
					 (int64) audit.raw[0].rows, verdict);
	AppendJsonString(&out, summary);
	appendStringInfoString(&out, ", \"features\": [");
	for (int i = 0; i < audit.scaler->n; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		AppendOutputFinding(&out, &audit, &findings[i], i);
	}
	appendStringInfoString(&out, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
