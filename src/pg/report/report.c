/*
 * report.c
 *		The function report(): a page about a frozen scaler and what became of its data.
 *
 * The page is one HTML document without scripts that loads nothing from a network.  It depends
 * only on the registry and the profiles, not on the time when it is made, a time zone or a
 * locale.
 */
#include "pg/report/report.h"

#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/digest.h"
#include "pg/base/name_index.h"
#include "pg/base/sql.h"
#include "pg/inspect/described.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"
#include "pg/report/report_style.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_view.h"
#include "utils/builtins.h"

/* The number of features that the sentence at the top names. */
#define NAMED_AT_TOP	3

/* ---- the subject ---- */

static void
LoadTraining(Report *report, const ScalerView *view)
{
	bytea	   *stored = RegistryVisibleProfile(view->digest);

	if (view->digest == NULL)
		report->no_training = "The scaler was made without a profile: it was imported, or given its parameters.";
	else if (!MayRead("profiles"))
		report->no_training = "What it was fitted on is not shown: that needs SELECT on normfreeze.profiles.";
	else if (stored == NULL)
	{
		char	   *purged = PurgeText(view->digest, SQL_READ);

		report->no_training = purged ? psprintf("The profile it was fitted on was purged %s.", purged)
			: "The profile it was fitted on is not kept in this database.";
	}
	else
		DecodeScalerProfile(&report->training, view, stored, report->recipe.nfeatures);
}

/* Read the frozen scaler and its profile. */
static void
LoadReported(Report *report, int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	CheckIsNoSet(&view);
	report->id = id;
	ScalerFingerprint(fingerprint, &view);
	report->fingerprint = BytesToHex(fingerprint, DIGEST_LENGTH);
	DecodeScalerRecipe(&report->recipe, &view);
	LoadTraining(report, &view);
}

/* Return the live feature that corresponds to a feature of the scaler, or -1. */
static int
LiveFeature(const Report *report, const NameIndex *live_names, int index)
{
	const Profile *live = &report->live;
	const char *name = report->recipe.features[index].name;

	if ((live->names == NULL) != (name == NULL))
		return -1;
	if (index < live->nfeatures && (name == NULL || strcmp(live->names[index], name) == 0))
		return index;
	return name ? NameIndexFind(live_names, name) : -1;
}

/* Collect what is known of each feature, from both samples and from their comparison. */
static void
GatherFeatures(Report *report)
{
	NameIndex	live_names =
		MakeNameIndex(report->live.names, report->has_live && report->live.names ? report->live.nfeatures : 0);

	report->nfeatures = report->recipe.nfeatures;
	report->features = palloc0(sizeof(ReportFeature) * report->nfeatures);
	for (int i = 0; i < report->nfeatures; i++)
	{
		ReportFeature *feature = &report->features[i];
		int			live = report->has_live ? LiveFeature(report, &live_names, i) : -1;

		CHECK_FOR_INTERRUPTS();
		feature->index = i;
		feature->recipe = &report->recipe.features[i];
		if (report->no_training == NULL)
		{
			feature->training = &report->training.moments[i];
			feature->training_values = report->training.distribution ? &report->training.histograms[i] : NULL;
		}
		if (live >= 0)
		{
			feature->live = &report->live.moments[live];
			feature->live_values = report->live.distribution ? &report->live.histograms[live] : NULL;
		}
	}
	if (report->compared)
		for (int i = 0; i < report->drift.nfeatures; i++)
			report->features[report->drift.ordinals[i] - 1].drift = &report->drift.features[i];
	OrderFeatures(report);
}

/* ---- the sentences at the top ---- */

/* Append how many features drifted, and the names of the first. */
static void
AppendDrifted(StringInfo out, const Report *report)
{
	int			drifted = report->with_verdict[DRIFT_MAJOR] + report->with_verdict[DRIFT_MODERATE];

	appendStringInfoString(out, "<strong>");
	AppendCount(out, drifted);
	appendStringInfoString(out, " of ");
	AppendCountOf(out, report->drift.nfeatures, "feature");
	appendStringInfoString(out, " drifted:</strong> ");
	for (int i = 0; i < drifted && i < NAMED_AT_TOP; i++)
	{
		const ReportFeature *feature = &report->features[i];

		appendStringInfo(out, "%s<span class=\"short\">", i == 0 ? "" : i == drifted - 1 ? " and " : ", ");
		AppendFeatureName(out, feature);
		appendStringInfo(out, "</span> (%s: ", drift_verdict_names[feature->drift->verdict]);
		AppendDecision(out, feature->drift);
		appendStringInfoChar(out, ')');
	}
	if (drifted > NAMED_AT_TOP)
	{
		appendStringInfoString(out, " and ");
		AppendCount(out, drifted - NAMED_AT_TOP);
		appendStringInfoString(out, " more");
	}
	appendStringInfoChar(out, '.');
	if (report->features[0].drift->worst_bin >= 0)
	{
		appendStringInfoString(out, " The worst bin of <span class=\"short\">");
		AppendFeatureName(out, &report->features[0]);
		appendStringInfoString(out, "</span> is ");
		AppendWorstBin(out, report->features[0].drift);
		appendStringInfoChar(out, '.');
	}
}

/* Return the least number of rows that the smaller sample needs for any feature to be judged. */
static int64
FewestNeeded(const Report *report)
{
	int64		fewest = PG_INT64_MAX;

	for (int i = 0; i < report->drift.nfeatures; i++)
		if (report->drift.features[i].verdict == DRIFT_UNDECIDED)
			fewest = Min(fewest, report->drift.features[i].rows_needed);
	return fewest;
}

static void
AppendTrainingRows(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<p>");
	if (report->no_training == NULL)
	{
		appendStringInfoString(out, "Fitted on ");
		AppendCountOf(out, report->training.rows, "row");
		appendStringInfoString(out, report->has_live ? ", compared with " : ".");
	}
	else
	{
		HtmlExcerpt(out, report->no_training);
		appendStringInfoString(out, report->has_live ? " The live profile has " : "");
	}
	if (report->has_live)
	{
		AppendCountOf(out, report->live.rows, "row");
		appendStringInfoString(out, report->no_training ? "." : " of live data.");
	}
	if (report->compared)
		appendStringInfo(out, " A verdict needs a difference of at least the threshold of one measure, and a p-value below %g "
						 "over all tests of all features; chance alone gives a verdict with at most this probability.",
						 report->options.alpha);
	appendStringInfoString(out, "</p>\n");
}

/* Append the sentence that sums up the comparison. */
static void
AppendVerdictSentence(StringInfo out, const Report *report)
{
	const char *class = "undecided";
	StringInfoData text;

	initStringInfo(&text);
	if (!report->compared)
		appendStringInfo(&text, "<strong>Drift was not judged:</strong> %s",
						 report->has_live ? "there is no training profile to compare with." :
						 "no live profile was given.");
	else if (report->with_verdict[DRIFT_MAJOR] + report->with_verdict[DRIFT_MODERATE] > 0)
	{
		class = report->with_verdict[DRIFT_MAJOR] > 0 ? "major" : "moderate";
		AppendDrifted(&text, report);
	}
	else if (report->with_verdict[DRIFT_NONE] > 0)
	{
		class = "none";
		appendStringInfoString(&text, "<strong>No drift</strong> in ");
		AppendCountOf(&text, report->with_verdict[DRIFT_NONE], "feature");
		appendStringInfoChar(&text, '.');
	}
	else
		appendStringInfoString(&text, "<strong>Too few rows to tell.</strong>");
	if (report->with_verdict[DRIFT_UNDECIDED] > 0)
	{
		appendStringInfoChar(&text, ' ');
		AppendCountOf(&text, report->with_verdict[DRIFT_UNDECIDED], "feature");
		appendStringInfo(&text, " %s too few values for a verdict; the smaller sample needs at least ",
						 report->with_verdict[DRIFT_UNDECIDED] == 1 ? "has" : "have");
		AppendCount(&text, FewestNeeded(report));
		appendStringInfoChar(&text, '.');
	}
	appendStringInfo(out, "<p class=\"lead %s\">%s</p>\n", class, text.data);
}

/* ---- the page ---- */

static void
AppendHead(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
						   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\">\n"
						   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
						   "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	if (report->name)
	{
		HtmlAttribute(out, report->name);
		appendStringInfoString(out, " &#183; ");
	}
	appendStringInfo(out, "scaler " INT64_FORMAT " &#183; normfreeze</title>\n<style>\n%s</style>\n</head>\n",
					 report->id, report_style);
}

/* Append the methods of the features, each once; those of a sequence are in parentheses. */
static void
AppendMethods(StringInfo out, const Recipe *recipe)
{
	List	   *known = NIL;

	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const FeatureRecipe *f = &recipe->features[i];
		char	   *methods = f->nbefore > 0 ? psprintf("(%s)", MethodsText(f)) : pstrdup(f->method->name);
		bool		found = false;
		ListCell   *lc;

		foreach(lc, known)
		{
			found = found || strcmp(lfirst(lc), methods) == 0;
		}
		if (found)
			continue;
		appendStringInfo(out, "%s%s", known ? ", " : "", methods);
		known = lappend(known, methods);
	}
}

/* Append what weights count for, if there are any. */
static void
AppendWeights(StringInfo out, const Report *report)
{
	const char *what = report->recipe.weighted ? "count in the parameters" : "those of the live rows do not count";

	if (report->recipe.weighted || (report->has_live && report->live.weighted))
		appendStringInfo(out, "<div><dt>Weights</dt><dd>%s; statistics, pictures and drift count every row once</dd></div>\n",
						 what);
}

static void
AppendPageHeader(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<header>\n<a class=\"skip\" href=\"#features\">To the features</a>\n<p class=\"kicker\">Frozen scaler</p>\n<h1>");
	if (report->name)
		HtmlName(out, report->name);
	else
		appendStringInfo(out, "Scaler " INT64_FORMAT, report->id);
	appendStringInfoString(out, "</h1>\n<dl class=\"facts\">\n");
	AppendIdentity(out, report);
	appendStringInfo(out, "<div><dt>Scaler id</dt><dd><code>" INT64_FORMAT "</code></dd></div>\n<div><dt>Features and methods</dt><dd>", report->id);
	AppendCountOf(out, report->nfeatures, "feature");
	appendStringInfoString(out, ", ");
	AppendMethods(out, &report->recipe);
	appendStringInfoString(out, "</dd></div>\n");
	AppendWeights(out, report);
	appendStringInfo(out, "<div class=\"full\"><dt>Fingerprint</dt><dd><code>%s</code></dd></div>\n</dl>\n</header>\n",
					 report->fingerprint);
}

static text *
MakePage(const Report *report)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendHead(&out, report);
	appendStringInfoString(&out, "<body>\n");
	AppendPageHeader(&out, report);
	appendStringInfoString(&out, "<main>\n");
	AppendVerdictSentence(&out, report);
	AppendTrainingRows(&out, report);
	AppendOverview(&out, report);
	AppendDetails(&out, report);
	AppendHistory(&out, report);
	AppendWatch(&out, report);
	AppendVerification(&out, report);
	appendStringInfoString(&out, "</main>\n<footer><p>Made by normfreeze " NORMFREEZE_VERSION " from the registry and the profiles alone: the same state gives the same page. Times are UTC.</p></footer>\n</body>\n</html>\n");
	return cstring_to_text_with_len(out.data, out.len);
}

/* ---- SQL ---- */

/* Read the live profile of the argument, if there is one, and compare it. */
static void
LoadLive(Report *report, FunctionCallInfo fcinfo)
{
	ReadDriftOptions(&report->options, PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2));
	ProfileArgument(fcinfo, 1, "live profile", &report->live);
	report->has_live = true;
}

static Datum
ReportOf(FunctionCallInfo fcinfo, int64 id, const char *name)
{
	Report		report;

	memset(&report, 0, sizeof(report));
	CheckFloatEnvironment();
	LoadReported(&report, id);
	report.name = name ? name : NameOfScaler(id);
	if (PG_NARGS() > 1)
		LoadLive(&report, fcinfo);
	if (report.has_live && report.no_training == NULL)
	{
		DriftOfScaler(&report.drift, id, &report.live, &report.options);
		report.compared = true;
	}
	GatherFeatures(&report);
	PG_RETURN_TEXT_P(MakePage(&report));
}

PG_FUNCTION_INFO_V1(report_of_id);
Datum
report_of_id(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return ReportOf(fcinfo, PG_GETARG_INT64(0), NULL);
}

PG_FUNCTION_INFO_V1(report_of_ref);
Datum
report_of_ref(PG_FUNCTION_ARGS)
{
	char	   *ref;
	char	   *at;
	int64		id;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	ref = text_to_cstring(PG_GETARG_TEXT_PP(0));
	id = RegistryResolve(ref);
	if (strncmp(ref, "sha256:", 7) == 0)
		return ReportOf(fcinfo, id, NULL);
	at = strrchr(ref, '@');
	if (at)
		*at = '\0';
	return ReportOf(fcinfo, id, ref);
}
