/*
 * describe.c
 *		What people read: describe(), explain(), diff(), names.
 */
#include "pg/inspect/describe.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "pg/apply/call_site.h"
#include "pg/base/call.h"
#include "pg/base/installed.h"
#include "pg/base/name_index.h"
#include "pg/fit/fit.h"
#include "pg/registry/registry.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/single_json.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

/* A scaler with everything that is known about it. */
typedef struct Described
{
	int64		id;
	Recipe		recipe;
	bool		has_profile;
	Profile		profile;
} Described;

static void
DescribeView(Described *described, const ScalerView *view, bytea *stored_profile)
{
	uint8		fingerprint[DIGEST_LENGTH];

	memset(described, 0, sizeof(*described));
	ScalerFingerprint(fingerprint, view);
	described->id = FingerprintToId(fingerprint);
	DecodeScalerRecipe(&described->recipe, view);
	described->has_profile = DecodeScalerProfile(&described->profile, view, stored_profile, described->recipe.nfeatures);
}

static void
DescribeId(Described *described, int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	DescribeView(described, &view, RegistryVisibleProfile(view.digest));
}

static Datum
OptionsJsonb(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendRecipeOptions(&out, f);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

static Datum
ParametersJsonb(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendRecipeParameters(&out, f);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* A parameter by its name; false if the formula has none. */
static bool
FindParameter(const FeatureRecipe *f, const char *name, double *value)
{
	for (int k = 0; k < f->formula->nparams; k++)
		if (strcmp(f->formula->param_names[k], name) == 0)
		{
			*value = f->param[k];
			return true;
		}
	return false;
}

char *
DoubleText(double value)
{
	StringInfoData out;

	initStringInfo(&out);
	if (isnan(value))
		appendStringInfoString(&out, "NaN");
	else if (isinf(value))
		appendStringInfoString(&out, value > 0 ? "Infinity" : "-Infinity");
	else
		AppendJsonDouble(&out, value);
	return out.data;
}

/* The formula with its numbers, such as (x - 38.5) / 12.25 */
static char *
FormulaText(const FeatureRecipe *f)
{
	StringInfoData out;
	const char *p = FeatureInverseIsNull(f) ? "NULL" : f->formula->forward_text;

	initStringInfo(&out);
	while (*p)
	{
		size_t		word = strspn(p, "abcdefghijklmnopqrstuvwxyz_");
		char	   *name = pnstrdup(p, word);
		double		value;

		if (word == 0)
			appendStringInfoChar(&out, *p++);
		else if (FindParameter(f, name, &value))
			appendStringInfo(&out, value < 0 ? "(%s)" : "%s", DoubleText(value));
		else
			appendStringInfoString(&out, name);
		p += word;
	}
	return out.data;
}

char *
MissingText(const FeatureRecipe *f)
{
	if (!MissingPolicyImputes(f->missing))
		return pstrdup(PolicyCodeToName(missing_policy_names, f->missing));
	return psprintf("%s (%s)", PolicyCodeToName(missing_policy_names, f->missing), DoubleText(f->imputed));
}

/* ---- describe ---- */

static const double described_quantiles[] = {1, 5, 25, 50, 75, 95, 99};

#define DESCRIBE_COLUMNS	25

typedef struct RowBuilder
{
	Datum		values[DESCRIBE_COLUMNS];
	bool		nulls[DESCRIBE_COLUMNS];
	int			n;
} RowBuilder;

static void
AddDatum(RowBuilder *row, Datum value, bool isnull)
{
	row->values[row->n] = value;
	row->nulls[row->n++] = isnull;
}

static void
AddText(RowBuilder *row, const char *text)
{
	AddDatum(row, text ? CStringGetTextDatum(text) : (Datum) 0, text == NULL);
}

static void
AddDouble(RowBuilder *row, double value, bool known)
{
	AddDatum(row, Float8GetDatum(value), !known);
}

static void
AddInt8(RowBuilder *row, int64 value, bool known)
{
	AddDatum(row, Int64GetDatum(value), !known);
}

static void
PutRow(ReturnSetInfo *rsinfo, RowBuilder *row)
{
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row->values, row->nulls);
}

static void
AddQuantiles(RowBuilder *row, const Profile *profile, int i)
{
	Datum		values[lengthof(described_quantiles)];
	Evidence	evidence;

	if (profile == NULL || profile->histograms == NULL || profile->moments[i].count == 0)
	{
		AddDatum(row, (Datum) 0, true);
		return;
	}
	evidence = EvidenceFromHistogram(profile, i);
	for (int q = 0; q < lengthof(described_quantiles); q++)
		values[q] = Float8GetDatum(EvidencePercentile(&evidence, described_quantiles[q]));
	AddDatum(row, PointerGetDatum(construct_array(values, lengthof(described_quantiles), FLOAT8OID, 8,
												  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)), false);
}

static Datum
MethodDatum(const Method *method)
{
	return DirectFunctionCall2(enum_in, CStringGetDatum(method->name), ObjectIdGetDatum(RegistryType("method")));
}

static Datum
Describe(FunctionCallInfo fcinfo, const Described *described)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < described->recipe.nfeatures; i++)
	{
		const FeatureRecipe *f = &described->recipe.features[i];
		const Profile *profile = described->has_profile ? &described->profile : NULL;
		const Moments *m = profile ? &profile->moments[i] : NULL;
		RowBuilder	row = {.n = 0};
		double		center;
		double		scale = 0;
		double		offset = 0;
		bool		scaled;
		bool		shifted;
		int			ddof = (int) MethodOptionValue(f->method, f->option, &option_ddof);

		CHECK_FOR_INTERRUPTS();
		AddDatum(&row, Int32GetDatum(i + 1), false);
		AddText(&row, f->name);
		AddDatum(&row, MethodDatum(f->method), false);
		scaled = FindParameter(f, "scale", &scale);
		shifted = FindParameter(f, "offset", &offset);
		/* dividing alone is scaling around zero */
		if (!FindParameter(f, "center", &center))
			center = 0;
		AddDouble(&row, center, scaled && !shifted);
		AddDouble(&row, scale, scaled);
		AddDouble(&row, offset, shifted);
		AddText(&row, FormulaText(f));
		AddDatum(&row, OptionsJsonb(f), false);
		AddText(&row, MissingText(f));
		AddText(&row, PolicyCodeToName(outside_policy_names, f->outside));
		AddText(&row, PolicyCodeToName(constant_policy_names, f->constant_policy));
		AddDatum(&row, BoolGetDatum(f->constant), false);
		AddDatum(&row, BoolGetDatum(f->target), false);
		AddDatum(&row, BoolGetDatum(f->unfit), false);
		AddInt8(&row, m ? m->count : 0, m != NULL);
		AddInt8(&row, m ? MomentsMissing(m) : 0, m != NULL);
		AddInt8(&row, m ? m->nulls : 0, m != NULL);
		AddInt8(&row, m ? m->nans : 0, m != NULL);
		AddDouble(&row, f->lower, RangeIsKnown(f));
		AddDouble(&row, f->upper, RangeIsKnown(f));
		AddDouble(&row, m ? MomentsMean(m) : 0, m != NULL && m->count > 0);
		AddDouble(&row, m ? MomentsDeviation(m, ddof) : 0, m != NULL && m->count > ddof);
		AddDouble(&row, m ? MomentsVariance(m, ddof) : 0, m != NULL && m->count > ddof);
		AddQuantiles(&row, profile, i);
		AddDatum(&row, ParametersJsonb(f), false);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(describe_scaler);
Datum
describe_scaler(PG_FUNCTION_ARGS)
{
	Described	described;
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	DescribeView(&described, &view, NULL);
	return Describe(fcinfo, &described);
}

PG_FUNCTION_INFO_V1(describe_id);
Datum
describe_id(PG_FUNCTION_ARGS)
{
	Described	described;

	DescribeId(&described, PG_GETARG_INT64(0));
	return Describe(fcinfo, &described);
}

/* What a profile says of itself: the statistics of each feature. */
PG_FUNCTION_INFO_V1(describe_profile);
Datum
describe_profile(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Profile		profile;

	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < profile.nfeatures; i++)
	{
		const Moments *m = &profile.moments[i];
		bool		known = m->count > 0;
		RowBuilder	row = {.n = 0};

		AddDatum(&row, Int32GetDatum(i + 1), false);
		AddText(&row, profile.names ? profile.names[i] : NULL);
		AddInt8(&row, m->count, true);
		AddInt8(&row, m->nulls, true);
		AddInt8(&row, m->nans, true);
		AddInt8(&row, MomentsInfinite(m), true);
		AddDouble(&row, m->min, known);
		AddDouble(&row, m->max, known);
		AddDouble(&row, MomentsMean(m), known);
		AddDouble(&row, MomentsDeviation(m, 0), known);
		AddDouble(&row, MomentsVariance(m, 0), known);
		AddQuantiles(&row, &profile, i);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

/* ---- explain ---- */

/* What was done to one feature's value, in a word. */
static const char *
ActionText(const FeatureRecipe *f, TransformResult result, double raw, bool raw_null,
		   double x, bool null, double y, double unclipped)
{
	if (result == TRANSFORM_MISSING)
		return "missing, refused";
	if (result == TRANSFORM_OUTSIDE)
		return "outside, refused";
	if (raw_null || isnan(raw))
		return MissingPolicyImputes(f->missing) ? "imputed" : "missing";
	if (f->unfit && (!null || FeatureIsNull(f)))
		return x != raw ? "clipped" : "unfit";
	if (null && FeatureIsNull(f))
		return "constant";
	if (null)
		return "outside";
	if (x != raw || (y != unclipped && !isnan(y)))
		return "clipped";
	return f->constant ? "constant" : "scaled";
}

static Datum
Explain(FunctionCallInfo fcinfo, int64 id)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HeapTupleHeader tuple = PG_GETARG_HEAPTUPLEHEADER(0);
	const LoadedScaler *scaler = AppliedById(GetCallSite(fcinfo), id)->scaler;
	const Transform *transform = &scaler->transform;
	int			n = transform->ninputs;
	RowMap		map = {0};
	FeatureBuffer buffer;
	double	   *raw;
	bool	   *raw_null;
	double	   *unclipped;
	double	   *y;
	TransformResult *results;

	CheckFloatEnvironment();
	if (!scaler->recipe.named)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match a row by", scaler->id),
				 errhint("Fit with option \"names\".")));
	InitMaterializedSRF(fcinfo, 0);
	FeatureBufferInit(&buffer, CurrentMemoryContext);
	RowMapInit(&map, CurrentMemoryContext, tuple, fcinfo, 0);
	RowMapBind(&map, n, scaler->input_names, NULL);
	ReadFeatureRow(&map, tuple, &buffer);

	raw = palloc(sizeof(double) * n);
	raw_null = palloc(sizeof(bool) * n);
	unclipped = palloc(sizeof(double) * n);
	y = palloc(sizeof(double) * n);
	results = palloc(sizeof(TransformResult) * n);
	memcpy(raw, buffer.values, sizeof(double) * n);
	memcpy(raw_null, buffer.nulls, sizeof(bool) * n);
	/* the policies of each value, then the formulas of the whole row */
	for (int slot = 0; slot < n; slot++)
	{
		results[slot] = TransformPrepare(transform, slot, &buffer.values[slot], &buffer.nulls[slot]);
		if (results[slot] != TRANSFORM_OK)
			buffer.values[slot] = NAN;
	}
	TransformPlainDouble(transform, buffer.values, unclipped);

	for (int slot = 0; slot < n; slot++)
	{
		const FeatureRecipe *f = transform->slots[slot];
		bool		null = buffer.nulls[slot];
		RowBuilder	row = {.n = 0};

		y[slot] = TransformFinish(transform, slot, unclipped[slot], &null);
		AddText(&row, f->name);
		AddDouble(&row, raw[slot], !raw_null[slot]);
		AddText(&row, ActionText(f, results[slot], raw[slot], raw_null[slot], buffer.values[slot], null,
								 y[slot], unclipped[slot]));
		AddText(&row, FormulaText(f));
		AddDouble(&row, y[slot], results[slot] == TRANSFORM_OK && !null);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(explain_row);
Datum
explain_row(PG_FUNCTION_ARGS)
{
	return Explain(fcinfo, PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(explain_row_by_ref);
Datum
explain_row_by_ref(PG_FUNCTION_ARGS)
{
	return Explain(fcinfo, RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(1))));
}

/* ---- diff ---- */

typedef struct DiffSink
{
	ReturnSetInfo *rsinfo;
	const char *feature;
} DiffSink;

static void
Differ(DiffSink *sink, const char *what, const char *old, const char *new, double shift)
{
	RowBuilder	row = {.n = 0};

	AddText(&row, sink->feature);
	AddText(&row, what);
	AddText(&row, old);
	AddText(&row, new);
	AddDouble(&row, shift, isfinite(shift));
	PutRow(sink->rsinfo, &row);
}

static void
DifferText(DiffSink *sink, const char *what, const char *old, const char *new)
{
	if (strcmp(old, new) != 0)
		Differ(sink, what, old, new, NAN);
}

/* deviation: the old one, to measure the shift in; NaN if it makes no sense */
static void
DifferDouble(DiffSink *sink, const char *what, double old, double new, double deviation)
{
	if (DoubleBits(old) != DoubleBits(new))
		Differ(sink, what, DoubleText(old), DoubleText(new), (new - old) / deviation);
}

/* The quantile that moved most, and how many did. */
static void
DifferTable(DiffSink *sink, const FormulaTable *old, const FormulaTable *new, double deviation)
{
	uint32		moved = 0;
	uint32		most = 0;

	if (old->length != new->length)
	{
		Differ(sink, "number of quantiles", psprintf("%u", old->length), psprintf("%u", new->length), NAN);
		return;
	}
	for (uint32 k = 0; k < old->length; k++)
	{
		moved += old->values[k] != new->values[k];
		if (fabs(new->values[k] - old->values[k]) > fabs(new->values[most] - old->values[most]))
			most = k;
	}
	if (moved > 0)
		DifferDouble(sink, psprintf("quantile %u, the most of %u that moved", most + 1, moved),
					 old->values[most], new->values[most], deviation);
}

static void
DiffFeature(DiffSink *sink, const Described *old, int i, const Described *new, int j)
{
	const FeatureRecipe *a = &old->recipe.features[i];
	const FeatureRecipe *b = &new->recipe.features[j];
	double		deviation = NAN;

	if (old->has_profile)
		deviation = MomentsDeviation(&old->profile.moments[i], 0);
	if (!(deviation > 0))
		deviation = NAN;
	if (i != j)
		Differ(sink, "position", psprintf("%d", i + 1), psprintf("%d", j + 1), NAN);
	DifferText(sink, "method", a->method->name, b->method->name);
	if (a->method == b->method)
	{
		Jsonb	   *options_a = DatumGetJsonbP(OptionsJsonb(a));
		Jsonb	   *options_b = DatumGetJsonbP(OptionsJsonb(b));

		DifferText(sink, "options", JsonbToCString(NULL, &options_a->root, VARSIZE(options_a)),
				   JsonbToCString(NULL, &options_b->root, VARSIZE(options_b)));
	}
	DifferText(sink, "formula", a->formula->name, b->formula->name);
	if (a->formula == b->formula)
		for (int k = 0; k < a->formula->nparams; k++)
			/* a center after a transformation is in other units than the deviation */
			DifferDouble(sink, a->formula->param_names[k], a->param[k], b->param[k],
						 strcmp(a->formula->param_names[k], "center") == 0 && a->formula->affine ? deviation : NAN);
	if (a->formula == b->formula && a->formula->table_name)
		DifferTable(sink, &a->table, &b->table, deviation);
	DifferText(sink, "global", a->global ? "true" : "false", b->global ? "true" : "false");
	DifferText(sink, "missing", MissingText(a), MissingText(b));
	DifferText(sink, "outside", PolicyCodeToName(outside_policy_names, a->outside),
			   PolicyCodeToName(outside_policy_names, b->outside));
	DifferText(sink, "constant", PolicyCodeToName(constant_policy_names, a->constant_policy),
			   PolicyCodeToName(constant_policy_names, b->constant_policy));
	DifferText(sink, "unfit", a->unfit ? "true" : "false", b->unfit ? "true" : "false");
	DifferText(sink, "target", a->target ? "true" : "false", b->target ? "true" : "false");
	DifferText(sink, "source of quantiles", PolicyCodeToName(quantile_source_names, a->quantiles),
			   PolicyCodeToName(quantile_source_names, b->quantiles));
	if (RangeIsKnown(a) && RangeIsKnown(b))
	{
		DifferDouble(sink, "min", a->lower, b->lower, deviation);
		DifferDouble(sink, "max", a->upper, b->upper, deviation);
	}
	else
		DifferText(sink, "range", RangeIsKnown(a) ? "known" : "unknown", RangeIsKnown(b) ? "known" : "unknown");
	if (old->has_profile && new->has_profile)
	{
		const Moments *m = &old->profile.moments[i];
		const Moments *n = &new->profile.moments[j];

		DifferText(sink, "n", psprintf(INT64_FORMAT, m->count), psprintf(INT64_FORMAT, n->count));
		DifferText(sink, "missing count", psprintf(INT64_FORMAT, MomentsMissing(m)), psprintf(INT64_FORMAT, MomentsMissing(n)));
		DifferDouble(sink, "mean", MomentsMean(m), MomentsMean(n), deviation);
		DifferDouble(sink, "std", MomentsDeviation(m, 0), MomentsDeviation(n, 0), deviation);
	}
}

/* names: of the features of `in` */
static int
MatchFeature(const Recipe *from, int i, const Recipe *in, const NameIndex *names)
{
	if (from->named && in->named)
		return NameIndexFind(names, from->features[i].name);
	return i < in->nfeatures ? i : -1;
}

PG_FUNCTION_INFO_V1(diff);
Datum
diff(PG_FUNCTION_ARGS)
{
	Described	old;
	Described	new;
	NameIndex	old_names;
	NameIndex	new_names;
	DiffSink	sink;

	DescribeId(&old, PG_GETARG_INT64(0));
	DescribeId(&new, PG_GETARG_INT64(1));
	old_names = MakeFeatureIndex(&old.recipe);
	new_names = MakeFeatureIndex(&new.recipe);
	InitMaterializedSRF(fcinfo, 0);
	sink.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	for (int i = 0; i < old.recipe.nfeatures; i++)
	{
		int			j = MatchFeature(&old.recipe, i, &new.recipe, &new_names);
		const char *name = old.recipe.features[i].name;

		CHECK_FOR_INTERRUPTS();
		sink.feature = name ? name : psprintf("feature %d", i + 1);
		if (j < 0)
			Differ(&sink, "feature", "present", "absent", NAN);
		else
			DiffFeature(&sink, &old, i, &new, j);
	}
	for (int j = 0; j < new.recipe.nfeatures; j++)
		if (MatchFeature(&new.recipe, j, &old.recipe, &old_names) < 0)
		{
			const char *name = new.recipe.features[j].name;

			sink.feature = name ? name : psprintf("feature %d", j + 1);
			Differ(&sink, "feature", "absent", "present", NAN);
		}
	return (Datum) 0;
}

/* ---- names ---- */

static Datum
FeatureNames(FunctionCallInfo fcinfo, const Recipe *recipe)
{
	Datum	   *names = palloc(sizeof(Datum) * recipe->nfeatures);
	int			n = 0;

	if (!recipe->named)
		PG_RETURN_NULL();
	for (int i = 0; i < recipe->nfeatures; i++)
		if (!recipe->features[i].target)
			names[n++] = CStringGetTextDatum(recipe->features[i].name);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* All members of a set have the same. */
static Datum
FeatureNamesOfSet(FunctionCallInfo fcinfo, const SetFeatures *features)
{
	Datum	   *names = palloc(sizeof(Datum) * features->count);
	int			n = 0;

	if (features->names == NULL)
		PG_RETURN_NULL();
	for (int i = 0; i < features->count; i++)
		if (!features->target[i])
			names[n++] = CStringGetTextDatum(features->names[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(feature_names_of_scaler);
Datum
feature_names_of_scaler(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	Recipe		recipe;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	if (ViewIsSet(&view))
	{
		SetRecipe	set;

		DecodeSetRecipe(&set, &view);
		return FeatureNamesOfSet(fcinfo, &set.features);
	}
	DecodeScalerRecipe(&recipe, &view);
	return FeatureNames(fcinfo, &recipe);
}

PG_FUNCTION_INFO_V1(feature_names_of_id);
Datum
feature_names_of_id(PG_FUNCTION_ARGS)
{
	Applied    *applied = FindById(GetCallSite(fcinfo), PG_GETARG_INT64(0));

	if (applied->scaler->set)
		return FeatureNamesOfSet(fcinfo, &applied->scaler->set->features);
	return FeatureNames(fcinfo, &applied->scaler->recipe);
}
