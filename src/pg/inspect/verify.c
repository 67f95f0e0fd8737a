/*
 * verify.c
 *		Proof that what is frozen is what was frozen.
 */
#include "pg/base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "core/scaler/quantile_map.h"
#include "core/base/elementary.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/damage.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/fit/fit.h"
#include "pg/registry/members.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/probe_arrays.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/tuplestore.h"

typedef struct Report
{
	ReturnSetInfo *rsinfo;
	const char *subject;		/* in front of details; NULL for none */
} Report;

/* A row of normfreeze.scalers, its values as they are stored: what is behind them may be gone. */
typedef struct StoredScaler
{
	int64		id;
	Datum		fingerprint;
	Datum		scaler;
	Datum		inputs;
	Datum		outputs;
} StoredScaler;

static void pg_attribute_printf(4, 5)
Check(const Report *report, const char *check, bool ok, const char *format, ...)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, false};
	StringInfoData text;
	char	   *detail;

	initStringInfo(&text);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(&text, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&text, needed);
	}
	detail = text.data;
	values[0] = CStringGetTextDatum(check);
	values[1] = BoolGetDatum(ok);
	values[2] = CStringGetTextDatum(report->subject ? psprintf("%s: %s", report->subject, detail) : detail);
	tuplestore_putvalues(report->rsinfo->setResult, report->rsinfo->setDesc, values, nulls);
}

/* Run a part of the proof.  That data is damaged is a line of the report under this check, and false. */
static bool
Attempt(const Report *report, const char *check, void (*step) (void *arg), void *arg)
{
	char	   *damage = DamageFoundBy(step, arg);

	if (damage)
		Check(report, check, false, "%s", damage);
	return damage == NULL;
}

/* ---- one scaler ---- */

/*
 * Exact quantiles cannot be derived from a distribution that is not exact,
 * but its cells bound them: an interval that must hold a percentile.
 */
typedef struct Bounds
{
	double		low;
	double		high;
} Bounds;

static Bounds
RankBounds(const Profile *profile, int i, uint64 first, uint64 last)
{
	const Moments *m = &profile->moments[i];
	Bounds		bounds;
	double		ignored;

	HistogramOrderBounds(&profile->histograms[i], first, m->min, m->max, &bounds.low, &ignored);
	HistogramOrderBounds(&profile->histograms[i], last, m->min, m->max, &ignored, &bounds.high);
	return bounds;
}

static Bounds
MedianBounds(const Profile *profile, int i)
{
	uint64		n = (uint64) profile->moments[i].count;

	return RankBounds(profile, i, (n - 1) / 2, n / 2);
}

static Bounds
PercentileBounds(const Profile *profile, int i, double percent)
{
	uint64		n = (uint64) profile->moments[i].count;
	uint64		rank = (uint64) ((double) (n - 1) * (percent / 100.0));

	return RankBounds(profile, i, Min(rank, n - 1), Min(rank + 1, n - 1));
}

static bool
Within(double value, Bounds bounds)
{
	return value >= bounds.low && value <= bounds.high;
}

static double
Option(const FeatureRecipe *f, const MethodOption *option)
{
	return MethodOptionValue(f->method, f->option, option);
}

/* Center and scale of a robust feature against the bounds. */
static bool
RobustIsPlausible(const FeatureRecipe *f, const Profile *profile, int i)
{
	const double *percents = f->option + MethodOptionPlace(f->method, &option_quantile_range);
	const double *param = f->param;
	Bounds		upper;
	Bounds		lower;
	Bounds		range;

	if (Option(f, &option_with_centering) != 0 && !Within(*param++, MedianBounds(profile, i)))
		return false;
	if (Option(f, &option_with_scaling) == 0)
		return *param == 1.0;
	upper = PercentileBounds(profile, i, percents[1]);
	lower = PercentileBounds(profile, i, percents[0]);
	range.low = upper.low - lower.high;
	range.high = upper.high - lower.low;
	if (f->constant)
		range.low = range.high = 1.0;
	if (Option(f, &option_unit_variance) != 0)
	{
		double		divisor = NormalQuantile(percents[1] / 100.0) - NormalQuantile(percents[0] / 100.0);

		range.low /= divisor;
		range.high /= divisor;
	}
	return Within(*param, range);
}

/* The imputed value, if the profile tells it; *exact says whether it was compared bit for bit. */
static bool
ImputedIsPlausible(const FeatureRecipe *f, const Profile *profile, int i, const WeightedSums *weighted, bool *exact)
{
	const Moments *m = &profile->moments[i];
	double		expected = f->imputed;

	switch (f->missing)
	{
		case MISSING_ZERO:
			expected = 0;
			break;
		case MISSING_MEAN:
			expected = weighted ? WeightedMean(weighted) : MomentsMean(m);
			break;
		case MISSING_MIN:
			expected = m->min;
			break;
		case MISSING_MAX:
			expected = m->max;
			break;
		case MISSING_MEDIAN:
			*exact = false;
			return profile->histograms == NULL || Within(f->imputed, MedianBounds(profile, i));
		default:
			break;
	}
	return DoubleBits(CanonicalZero(expected)) == DoubleBits(f->imputed);
}

/* How much the profile tells of a feature's parameters. */
typedef enum Evident
{
	EVIDENT_EXACTLY,			/* compared bit for bit */
	EVIDENT_WITHIN,				/* held against the cells of the distribution */
	NOT_EVIDENT,
	GIVEN						/* there is nothing that they follow from */
} Evident;

/* Each quantile against the cells that must hold it. */
static bool
QuantilesArePlausible(const FeatureRecipe *f, const Profile *profile, int i)
{
	int			n = (int) f->table.length;

	for (int k = 0; k < n; k++)
		if (!Within(f->table.values[k], PercentileBounds(profile, i, ReferenceProbability(k, n) * 100.0)))
			return false;
	return true;
}

static bool
CenterIsMedian(const FeatureRecipe *f, const Profile *profile, int i)
{
	return Option(f, &option_with_centering) == 0 || Within(f->param[0], MedianBounds(profile, i));
}

/* What cells can say of a method's parameters: all of them, or as with mad some. */
static const struct
{
	const char *method;
	bool		(*is_plausible) (const FeatureRecipe *f, const Profile *profile, int i);
}			plausibility[] = {
	{"robust", RobustIsPlausible},
	{"mad", CenterIsMedian},
	{"quantile", QuantilesArePlausible},
};

/* Can they be parameters of this profile?  Sets *evident. */
static bool
ParametersArePlausible(const FeatureRecipe *f, const Profile *profile, int i, Evident *evident)
{
	*evident = f->imported ? GIVEN : NOT_EVIDENT;
	if (profile->histograms == NULL || f->imported || f->global || f->shifted)
		return true;
	for (int m = 0; m < lengthof(plausibility); m++)
		if (strcmp(plausibility[m].method, f->method->name) == 0)
		{
			*evident = EVIDENT_WITHIN;
			return plausibility[m].is_plausible(f, profile, i);
		}
	return true;
}

/* What is wrong with one feature's parameters, or NULL. */
static char *
ParameterProblem(const Recipe *recipe, const Profile *profile, int i, Rederivation **done, Evident *evident)
{
	const FeatureRecipe *f = &recipe->features[i];
	const Moments *m = &profile->moments[i];
	const WeightedSums *weighted = profile->weighted ? &profile->weighted[i] : NULL;
	char	   *label = FeatureLabel(f->name, i);
	bool		imputed_exactly = true;
	double		lower;
	double		upper;
	bool		own_lambda = false;
	FeatureRecipe derived;

	*evident = EVIDENT_EXACTLY;
	TrainingRange(m, &lower, &upper);
	if (DoubleBits(f->lower) != DoubleBits(lower) || DoubleBits(f->upper) != DoubleBits(upper))
		return psprintf("the training range of %s is not that of the profile", label);
	if (!ImputedIsPlausible(f, profile, i, weighted, &imputed_exactly))
		return psprintf("the value to impute for %s, %.17g, does not follow from the profile", label, f->imputed);
	if (f->unfit)
	{
		/* nothing follows from no values, and from infinities: else its method must fail again */
		if (!f->imported && m->count > 0 && MomentsInfinite(m) == 0 &&
			RederiveFeature(recipe, profile, NULL, i, NULL, done, &derived))
			return psprintf("%s is said to have no parameters, and the profile gives some", label);
		if (f->imported)
			*evident = GIVEN;
		return NULL;
	}
	if (!RederiveFeature(recipe, profile, NULL, i, &own_lambda, done, &derived))
	{
		if (!ParametersArePlausible(f, profile, i, evident))
			return psprintf("the parameters of %s are not within what the distribution allows", label);
		return NULL;
	}
	if (own_lambda)
		*evident = EVIDENT_WITHIN;
	if (!imputed_exactly)
		*evident = profile->histograms ? EVIDENT_WITHIN : NOT_EVIDENT;
	if (derived.constant != f->constant)
		return psprintf("%s is %sconstant by the profile", label, derived.constant ? "" : "not ");
	for (int k = 0; k < f->formula->nparams; k++)
		if (DoubleBits(derived.param[k]) != DoubleBits(f->param[k]))
			return psprintf("the %s of %s is %.17g, the profile gives %.17g%s",
							f->formula->param_names[k], label, f->param[k], derived.param[k],
							MethodOptionPlace(f->method, &option_power) >= 0 && k == 0 ?
							"; rounding may have misled an earlier version: fit it anew" : "");
	if (f->formula->table_name &&
		(f->table.length != derived.table.length ||
		 memcmp(f->table.values, derived.table.values, sizeof(double) * f->table.length) != 0))
		return psprintf("the %s of %s are not those of the profile", f->formula->table_name, label);
	return NULL;
}

static void
CheckParameters(const Report *report, const Recipe *recipe, const Profile *profile)
{
	int			count[GIVEN + 1] = {0};
	Rederivation *done = NULL;
	StringInfoData more;

	for (int i = 0; i < recipe->nfeatures; i++)
	{
		Evident		evident;
		char	   *problem = ParameterProblem(recipe, profile, i, &done, &evident);

		CHECK_FOR_INTERRUPTS();
		if (problem)
		{
			Check(report, "parameters", false, "%s", problem);
			return;
		}
		count[evident]++;
	}
	initStringInfo(&more);
	if (count[NOT_EVIDENT] > 0)
		appendStringInfo(&more, "; %d that the profile does not tell", count[NOT_EVIDENT]);
	if (count[GIVEN] > 0)
		appendStringInfo(&more, "; %d given, not derived", count[GIVEN]);
	Check(report, "parameters", true, "%d of %d features derived anew, bit for bit; %d checked against the distribution%s",
		  count[EVIDENT_EXACTLY], recipe->nfeatures, count[EVIDENT_WITHIN], more.data);
}

static void
CheckProbes(const Report *report, const Recipe *recipe, const StoredScaler *stored)
{
	int			nvalues;
	char	   *problem = ProbeArraysProblem(recipe, DatumGetArrayTypeP(stored->inputs),
											 DatumGetArrayTypeP(stored->outputs), &nvalues);

	if (problem)
		Check(report, "probes", false, "%s", problem);
	else
		Check(report, "probes", true, "%d values reproduced bit for bit", nvalues);
}

/* Was there evidence of this scaler when it was frozen under any name, by itself or as the scaler of a key? */
static bool
EvidenceWasKept(int64 id)
{
	SqlArg		arg = SQL_ARG(INT8OID, Int64GetDatum(id));
	bool		kept = SqlRun("SELECT 1 FROM normfreeze.named_scalers AS n "
							  "WHERE n.scaler_id OPERATOR(pg_catalog.=) $1 AND n.evidence LIMIT 1",
							  true, SQL_READ | SQL_AS_OWNER, &arg, 1) > 0;

	SqlFinish();
	return kept;
}

/* Only purge_profile() takes evidence away, and says so. */
static void
CheckMissingProfile(const Report *report, int64 id, const char *purged)
{
	if (purged)
		Check(report, "profile", true, "purged %s", purged);
	else if (EvidenceWasKept(id))
		Check(report, "profile", false, "missing: it was stored when the scaler was frozen, and no purge is logged");
	else
		Check(report, "profile", true, "not kept: the parameters cannot be derived anew");
}

/* Is the profile at hand, and the one it was fitted with? */
static bool
CheckProfile(const Report *report, int64 id, const ScalerView *view, const Recipe *recipe, Profile *profile)
{
	bytea	   *stored;
	uint8		digest[DIGEST_LENGTH];
	const char *problem;
	char	   *purged;

	if (view->digest == NULL)
	{
		Check(report, "profile", true, "the scaler was made without a profile");
		return false;
	}
	purged = PurgeText(view->digest, SQL_READ);
	stored = RegistryProfile(view->digest);
	if (stored == NULL)
	{
		CheckMissingProfile(report, id, purged);
		return false;
	}
	if (purged)
	{
		Check(report, "profile", false, "it is stored, though it was purged %s", purged);
		return false;
	}
	ProfileDigest(digest, VARDATA(stored), VARSIZE(stored) - VARHDRSZ);
	if (memcmp(digest, view->digest, DIGEST_LENGTH) != 0)
	{
		Check(report, "profile", false, "its content has the digest %s", BytesToHex(digest, DIGEST_LENGTH));
		return false;
	}
	problem = DecodeProfileBytes(profile, VARDATA(stored), VARSIZE(stored) - VARHDRSZ);
	if (problem || profile->nfeatures != recipe->nfeatures || (profile->weighted != NULL) != recipe->weighted)
	{
		Check(report, "profile", false, "%s", problem ? problem : "it describes other features");
		return false;
	}
	Check(report, "profile", true, INT64_FORMAT " rows, %d features, digest matches", profile->rows, profile->nfeatures);
	return true;
}

static void
CheckIdentity(const Report *report, const StoredScaler *stored, const ScalerView *view)
{
	uint8		fingerprint[DIGEST_LENGTH];
	char	   *hex;

	ScalerFingerprint(fingerprint, view);
	hex = BytesToHex(fingerprint, DIGEST_LENGTH);
	if (FingerprintToId(fingerprint) != stored->id || strcmp(hex, TextDatumGetCString(stored->fingerprint)) != 0)
		Check(report, "content", false, "it was changed: its fingerprint is %s (id " INT64_FORMAT ")",
			  hex, FingerprintToId(fingerprint));
	else
		Check(report, "content", true, "fingerprint and id match the content");
}

/* Of the fallback, to which no key leads, only the set knows that there was evidence. */
static bool
FallbackLacksEvidence(int64 id, const ScalerView *view)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id)), FallbackArg(view)};
	bool		lacks = SqlRun("SELECT 1 FROM normfreeze.versions AS v, (SELECT normfreeze.digest_of(s.scaler) AS digest "
							   "FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) $2) AS d "
							   "WHERE v.scaler_id OPERATOR(pg_catalog.=) $1 AND v.evidence AND d.digest IS NOT NULL "
							   "AND NOT EXISTS (SELECT 1 FROM normfreeze.profiles AS p WHERE p.digest OPERATOR(pg_catalog.=) d.digest) "
							   "AND NOT EXISTS (SELECT 1 FROM normfreeze.purge_log AS l WHERE l.digest OPERATOR(pg_catalog.=) d.digest) "
							   "LIMIT 1",
							   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return lacks;
}

static Datum
CopyStored(uint64 row, int column, Oid type, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum		value = datumCopy(SqlPresent(row, column, type), false, -1);

	MemoryContextSwitchTo(old);
	return value;
}

/* A copy in the current context; a value behind a TOAST pointer stays there. */
static bool
ReadStored(StoredScaler *stored, const char *query, SqlArg arg)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		found = SqlRun(query, true, SQL_READ, &arg, 1) > 0;

	if (found)
	{
		stored->id = SqlInt8(0, 1);
		stored->fingerprint = CopyStored(0, 2, TEXTOID, caller);
		stored->scaler = CopyStored(0, 3, RegistryType("scaler"), caller);
		stored->inputs = CopyStored(0, 4, FLOAT8ARRAYOID, caller);
		stored->outputs = CopyStored(0, 5, FLOAT8ARRAYOID, caller);
	}
	SqlFinish();
	return found;
}

/* One scaler, and what its parts have found. */
typedef struct Verification
{
	const Report *report;
	const char *query;			/* for its row */
	SqlArg		arg;
	bool		found;
	StoredScaler stored;
	ScalerView	view;
	Recipe		recipe;			/* unless it is a set */
} Verification;

static void
ReadRow(void *arg)
{
	Verification *v = arg;

	v->found = ReadStored(&v->stored, v->query, v->arg);
}

static void
VerifyContent(void *arg)
{
	Verification *v = arg;

	/* detoasted for the steps to come */
	ViewScalerDatum(&v->view, PointerGetDatum(DatumGetByteaP(v->stored.scaler)));
	CheckUntrustedScaler(&v->view);
	if (!ViewIsSet(&v->view))
		DecodeScalerRecipe(&v->recipe, &v->view);
	CheckIdentity(v->report, &v->stored, &v->view);
}

static void
VerifyEvidence(void *arg)
{
	Verification *v = arg;
	Profile		profile;

	if (CheckProfile(v->report, v->stored.id, &v->view, &v->recipe, &profile))
		CheckParameters(v->report, &v->recipe, &profile);
}

static void
VerifyProbes(void *arg)
{
	Verification *v = arg;

	CheckProbes(v->report, &v->recipe, &v->stored);
}

/* Its members are scalers of their own, which are verified as such. */
static void
VerifyMembers(void *arg)
{
	Verification *v = arg;
	SetRecipe	set;
	char	   *problem;

	DecodeSetRecipe(&set, &v->view);
	problem = StoredMembersProblem(v->stored.id, &set);
	if (problem)
		Check(v->report, "members", false, "%s", problem);
	else if (FallbackLacksEvidence(v->stored.id, &v->view))
		Check(v->report, "members", false, "the profile of the fallback is missing: it was stored when the set was frozen, and no purge is logged");
	else
		Check(v->report, "members", true, "%u keys and their scalers match the digest", set.nmembers);
}

static void
VerifyScaler(Verification *v)
{
	if (!Attempt(v->report, "content", VerifyContent, v))
		return;
	if (ViewIsSet(&v->view))
		Attempt(v->report, "members", VerifyMembers, v);
	else
	{
		Attempt(v->report, "profile", VerifyEvidence, v);
		Attempt(v->report, "probes", VerifyProbes, v);
	}
}

/* ---- the registry ---- */

static void
CheckNumbering(const Report *report, const char *check, const char *query, SqlArg id)
{
	uint64		n = SqlRun(query, true, SQL_READ, &id, 1);
	StringInfoData detail;

	initStringInfo(&detail);
	for (uint64 i = 0; i < n && i < 5; i++)
		appendStringInfo(&detail, "%s\"%s\" has %s numbers up to %s", i ? "; " : "", SqlText(i, 1), SqlText(i, 2), SqlText(i, 3));
	if (n == 0)
		Check(report, check, true, "numbered without gaps");
	else
		Check(report, check, false, "%s", detail.data);
	SqlFinish();
}

#define GUARDS_OFF \
	"SELECT g.guard, g.in_force FROM normfreeze.guards AS g WHERE NOT g.in_force ORDER BY g.guard"

/* Every trigger and constraint that guards the registry, by table. */
static void
CheckGuards(const Report *report, const char *check, const char *query, SqlArg id)
{
	uint64		n = SqlRun(query, true, SQL_READ | SQL_AS_OWNER, NULL, 0);
	StringInfoData detail;

	initStringInfo(&detail);
	for (uint64 i = 0; i < n; i++)
		appendStringInfo(&detail, "%s%s", i ? ", " : "", SqlText(i, 1));
	if (n == 0)
		Check(report, check, true, "every trigger and constraint is in force");
	else
		Check(report, check, false, "not in force: %s", detail.data);
	SqlFinish();
}

#define VERSION_GAPS \
	"SELECT v.name, pg_catalog.count(*), pg_catalog.max(v.version) FROM normfreeze.versions AS v " \
	"WHERE $1 IS NULL OR v.name OPERATOR(pg_catalog.=) ANY " \
	"(SELECT w.name FROM normfreeze.versions AS w WHERE w.scaler_id OPERATOR(pg_catalog.=) $1) " \
	"GROUP BY v.name HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(v.version)"

#define LOG_GAPS \
	"SELECT l.name, pg_catalog.count(*), pg_catalog.max(l.seq) FROM normfreeze.stage_log AS l " \
	"WHERE $1 IS NULL OR l.name OPERATOR(pg_catalog.=) ANY " \
	"(SELECT w.name FROM normfreeze.versions AS w WHERE w.scaler_id OPERATOR(pg_catalog.=) $1) " \
	"GROUP BY l.name HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(l.seq)"

/* Of a log by another key than a name, all of it; there is no id, so $1 is NULL. */
#define GAPS(log, key) \
	"SELECT l." key ", pg_catalog.count(*), pg_catalog.max(l.seq) FROM normfreeze." log " AS l " \
	"WHERE $1::pg_catalog.int8 IS NULL " \
	"GROUP BY l." key " HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(l.seq)"

/* Versions whose content is missing, and entries of the log whose version is. */
#define ORPHANS \
	"SELECT 'version ' OPERATOR(pg_catalog.||) v.version OPERATOR(pg_catalog.||) ' of \"' " \
	"OPERATOR(pg_catalog.||) v.name OPERATOR(pg_catalog.||) '\" has no scaler' FROM normfreeze.versions AS v " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) v.scaler_id) " \
	"AND ($1 IS NULL OR v.scaler_id OPERATOR(pg_catalog.=) $1) " \
	"UNION ALL SELECT 'entry ' OPERATOR(pg_catalog.||) l.seq OPERATOR(pg_catalog.||) ' of the stage log of \"' " \
	"OPERATOR(pg_catalog.||) l.name OPERATOR(pg_catalog.||) '\" names version ' OPERATOR(pg_catalog.||) l.version " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.stage_log AS l " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.versions AS v WHERE v.name OPERATOR(pg_catalog.=) l.name " \
	"AND v.version OPERATOR(pg_catalog.=) l.version) AND ($1 IS NULL OR l.name OPERATOR(pg_catalog.=) ANY " \
	"(SELECT w.name FROM normfreeze.versions AS w WHERE w.scaler_id OPERATOR(pg_catalog.=) $1)) " \
	"ORDER BY 1 LIMIT 5"

/* Members whose set is missing; that of each set's members is checked with the set. */
#define ORPHANED_MEMBERS \
	"SELECT 'a member of ' OPERATOR(pg_catalog.||) m.set_id OPERATOR(pg_catalog.||) ', which is not there' " \
	"FROM (SELECT DISTINCT o.set_id FROM normfreeze.members AS o) AS m " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) m.set_id) " \
	"ORDER BY 1 LIMIT 5"

/* Drift of scalers that are missing. */
#define ORPHANED_DRIFT \
	"SELECT 'drift of ' OPERATOR(pg_catalog.||) d.scaler_id OPERATOR(pg_catalog.||) ', which is not there' " \
	"FROM (SELECT DISTINCT l.scaler_id FROM normfreeze.drift_log AS l) AS d " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) d.scaler_id) " \
	"ORDER BY 1 LIMIT 5"

/* Uses and purges of scalers that are missing. */
#define ORPHANED_USES \
	"SELECT 'use ' OPERATOR(pg_catalog.||) l.seq OPERATOR(pg_catalog.||) ' of ' OPERATOR(pg_catalog.||) l.scaler_id " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.use_log AS l " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) l.scaler_id) " \
	"UNION ALL SELECT 'a purge for ' OPERATOR(pg_catalog.||) l.scaler_id " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.purge_log AS l " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) l.scaler_id) " \
	"ORDER BY 1 LIMIT 5"

static void
AppendOrphans(StringInfo detail, const char *query, const SqlArg *args, int nargs)
{
	uint64		n = SqlRun(query, true, SQL_READ, args, nargs);

	for (uint64 i = 0; i < n; i++)
		appendStringInfo(detail, "%s%s", detail->len ? "; " : "", SqlText(i, 1));
	SqlFinish();
}

/* The tables have no foreign keys, since a parallel restore loads them in any order. */
static void
CheckReferences(const Report *report, const char *check, const char *query, SqlArg id)
{
	StringInfoData detail;

	initStringInfo(&detail);
	AppendOrphans(&detail, ORPHANS, &id, 1);
	/* members matter to those who may see them */
	if (id.isnull && MayRead("members"))
		AppendOrphans(&detail, ORPHANED_MEMBERS, NULL, 0);
	if (id.isnull)
	{
		AppendOrphans(&detail, ORPHANED_DRIFT, NULL, 0);
		AppendOrphans(&detail, ORPHANED_USES, NULL, 0);
	}
	if (detail.len == 0)
		Check(report, check, true, "versions and log refer to what is there");
	else
		Check(report, check, false, "%s", detail.data);
}

/* The parts that are of the whole registry, or of the names of one scaler: id is NULL or that scaler's. */
typedef struct RegistryCheck
{
	const char *check;
	bool		of_one_scaler;	/* also where only one is verified */
	void		(*run) (const Report *report, const char *check, const char *query, SqlArg id);
	const char *query;
} RegistryCheck;

static const RegistryCheck registry_checks[] = {
	{"versions", true, CheckNumbering, VERSION_GAPS},
	{"stage log", true, CheckNumbering, LOG_GAPS},
	{"stage access", false, CheckNumbering, GAPS("stage_access_log", "stage")},
	{"drift log", false, CheckNumbering, GAPS("drift_log", "scaler_id")},
	{"use log", false, CheckNumbering, GAPS("use_log", "scaler_id")},
	{"purge log", false, CheckNumbering, GAPS("purge_log", "digest")},
	{"references", true, CheckReferences, NULL},
	{"guards", true, CheckGuards, GUARDS_OFF},
};

typedef struct RegistryStep
{
	const Report *report;
	const RegistryCheck *check;
	SqlArg		id;
} RegistryStep;

static void
RunRegistryCheck(void *arg)
{
	RegistryStep *step = arg;

	step->check->run(step->report, step->check->check, step->check->query, step->id);
}

static void
VerifyRegistry(const Report *report, SqlArg id)
{
	for (int i = 0; i < lengthof(registry_checks); i++)
	{
		RegistryStep step = {report, &registry_checks[i], id};

		if (id.isnull || step.check->of_one_scaler)
			Attempt(report, step.check->check, RunRegistryCheck, &step);
	}
}

PG_FUNCTION_INFO_V1(verify_id);
Datum
verify_id(PG_FUNCTION_ARGS)
{
	Report		report = {NULL, NULL};
	int64		id = PG_GETARG_INT64(0);
	Verification v = {
		.report = &report,
		.query = "SELECT s.scaler_id, s.fingerprint, s.scaler, s.probe_inputs, s.probe_outputs "
		"FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) $1",
		.arg = SQL_ARG(INT8OID, Int64GetDatum(id)),
	};

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, 0);
	report.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	if (Attempt(&report, "content", ReadRow, &v))
	{
		if (!v.found)
			UnknownScaler(id);
		VerifyScaler(&v);
	}
	VerifyRegistry(&report, v.arg);
	return (Datum) 0;
}

/* All scalers, one after the other in the order of their ids. */
PG_FUNCTION_INFO_V1(verify_all);
Datum
verify_all(PG_FUNCTION_ARGS)
{
	Report		report = {NULL, NULL};
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze verify", ALLOCSET_DEFAULT_SIZES);
	int64		after = PG_INT64_MIN;
	bool		goes_on = true;

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, 0);
	report.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	while (goes_on)
	{
		MemoryContext old = MemoryContextSwitchTo(scratch);
		Verification v = {
			.report = &report,
			.query = "SELECT s.scaler_id, s.fingerprint, s.scaler, s.probe_inputs, s.probe_outputs "
			"FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.>) $1 "
			"ORDER BY s.scaler_id LIMIT 1",
			.arg = SQL_ARG(INT8OID, Int64GetDatum(after)),
		};

		CHECK_FOR_INTERRUPTS();
		/* of a row that cannot be read, not even its id, it is all that is known */
		report.subject = after == PG_INT64_MIN ? "scalers" : psprintf("scalers after " INT64_FORMAT, after);
		goes_on = Attempt(&report, "content", ReadRow, &v) && v.found;
		if (goes_on)
		{
			after = v.stored.id;
			report.subject = psprintf("scaler " INT64_FORMAT, after);
			VerifyScaler(&v);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(scratch);
	}
	report.subject = NULL;
	VerifyRegistry(&report, SQL_NULL_ARG(INT8OID));
	return (Datum) 0;
}
