/*
 * audit_scaler.c
 *		The scaler that an audit is about, and reading the arguments of its rows.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "pg/audit/audit_state.h"
#include "pg/base/number_hints.h"
#include "pg/base/varlena_type.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* What one call site of the aggregate remembers, in fn_extra.  */
typedef struct AuditCall
{
	AuditScaler *scalers;
	bool		checked;		/* the types of the arguments have been checked */
	bool		is_row[3];		/* by argument, from 1 on */
	int			nvalues;		/* number of arguments with values; the scaler follows them */
	int			names;			/* number of the argument with the names of columns that stand for argument 1; 0 if
								 * argument 1 is there itself */
	text	   *ref;			/* the last ref, and the id it means; NULL if there was none */
	int64		id;
} AuditCall;

/* Return what this call site remembers.  */
static AuditCall *
GetCall(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(AuditCall));
	return fcinfo->flinfo->fn_extra;
}

/* Return whether a refit of a feature needs all its values.  */
static bool
NeedsValues(const FeatureRecipe *feature)
{
	return feature->quantiles != QUANTILES_NONE || feature->method->needs_values || feature->nbefore > 0 ||
		feature->missing == MISSING_MEDIAN || feature->missing == MISSING_MOST_FREQUENT ||
		RangeNeedsValues(&feature->range_rule);
}

/*
 * Make the scaler of an audit from its bytes, and add it to the call site.
 *
 * Takes over the bytes.  Allocates in the current context, which must live as long as the query.  Fails for a set
 * of scalers.
 */
static AuditScaler *
MakeScalerOfAudit(AuditCall *call, bytea *bytes, bool by_id)
{
	AuditScaler *scaler = palloc0(sizeof(AuditScaler));
	int			n;

	scaler->context = CurrentMemoryContext;
	scaler->by_id = by_id;
	scaler->bytes = bytes;
	ViewScaler(&scaler->view, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	scaler->loaded = LoadScalerInto(&scaler->view, CurrentMemoryContext);
	if (scaler->loaded->set)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("scaler " INT64_FORMAT " is a set of scalers by key, and an audit is of one scaler",
						scaler->loaded->id),
				 errhint("Audit each key by the scaler that normfreeze.member(set_id, key) has for it: GROUP BY the key.")));
	n = scaler->n = scaler->loaded->transform.ninputs;
	scaler->stored = palloc0(sizeof(bool) * n);
	for (int i = 0; i < n; i++)
	{
		scaler->stored[i] = NeedsValues(scaler->loaded->transform.slots[i]);
		scaler->any_stored = scaler->any_stored || scaler->stored[i];
	}
	FeatureBufferInit(&scaler->raw, CurrentMemoryContext);
	FeatureBufferInit(&scaler->observed, CurrentMemoryContext);
	scaler->x = palloc(sizeof(double) * n);
	scaler->y = palloc(sizeof(double) * n);
	scaler->single_x = palloc(sizeof(float) * n);
	scaler->single_y = palloc(sizeof(float) * n);
	scaler->nulls = palloc(sizeof(bool) * n);
	scaler->kinds = palloc(sizeof(OutputKind) * n);
	scaler->grades = palloc(sizeof(AgreementGrade) * n);
	scaler->words = palloc(sizeof(uint64) * AuditRowWords(n));
	scaler->next = call->scalers;
	call->scalers = scaler;
	return scaler;
}

AuditScaler *
AuditScalerById(FunctionCallInfo fcinfo, int64 id)
{
	AuditCall  *call = GetCall(fcinfo);
	AuditScaler *scaler = call->scalers;
	MemoryContext old;

	while (scaler && !(scaler->by_id && scaler->loaded->id == id))
		scaler = scaler->next;
	if (scaler)
		return scaler;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	scaler = MakeScalerOfAudit(call, RegistryScaler(id), true);
	MemoryContextSwitchTo(old);
	return scaler;
}

/* A ref means the same id throughout a query, so each is resolved once.  */
AuditScaler *
AuditScalerByRef(FunctionCallInfo fcinfo, text *ref)
{
	AuditCall  *call = GetCall(fcinfo);

	if (call->ref == NULL || VARSIZE_ANY_EXHDR(call->ref) != VARSIZE_ANY_EXHDR(ref) ||
		memcmp(VARDATA_ANY(call->ref), VARDATA_ANY(ref), VARSIZE_ANY_EXHDR(ref)) != 0)
	{
		call->id = RegistryResolve(text_to_cstring(ref));
		call->ref = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, VARSIZE_ANY(ref));
		memcpy(call->ref, ref, VARSIZE_ANY(ref));
	}
	return AuditScalerById(fcinfo, call->id);
}

/* Return whether two scalers are the same: their recipes and the digests of their profiles are equal.  */
static bool
SameScaler(const ScalerView *a, const ScalerView *b)
{
	return a->format == b->format && a->recipe_length == b->recipe_length &&
		memcmp(a->recipe, b->recipe, a->recipe_length) == 0 &&
		(a->digest == NULL) == (b->digest == NULL) &&
		(a->digest == NULL || memcmp(a->digest, b->digest, DIGEST_LENGTH) == 0);
}

AuditScaler *
AuditScalerByValue(FunctionCallInfo fcinfo, const bytea *value)
{
	AuditCall  *call = GetCall(fcinfo);
	AuditScaler *scaler = call->scalers;
	MemoryContext old;
	ScalerView	view;

	ViewScaler(&view, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	while (scaler && !(!scaler->by_id && SameScaler(&scaler->view, &view)))
		scaler = scaler->next;
	if (scaler)
		return scaler;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	scaler = MakeScalerOfAudit(call, BytesToVarlena(view.bytes, view.length), false);
	MemoryContextSwitchTo(old);
	return scaler;
}

void
CheckSameAuditScaler(const AuditScaler *first, const AuditScaler *scaler)
{
	if (first != scaler && !SameScaler(&first->view, &scaler->view))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scaler of an audit differs between rows: " INT64_FORMAT ", and then " INT64_FORMAT,
						first->loaded->id, scaler->loaded->id),
				 errhint("Audit each scaler by itself: GROUP BY the column of the scaler's id.")));
}

bool
ReadTrainingProfile(Profile *training, const AuditScaler *scaler)
{
	const ScalerView *view = &scaler->view;

	return DecodeScalerProfile(training, view, view->profile ? NULL : RegistryVisibleProfile(view->digest),
							   scaler->loaded->recipe.nfeatures);
}

/* ---- between workers ---- */

void
PutAuditScaler(ByteWriter *writer, const AuditScaler *scaler)
{
	PutByte(writer, scaler->by_id);
	if (scaler->by_id)
	{
		PutUint64(writer, (uint64) scaler->loaded->id);
		return;
	}
	PutVarint(writer, scaler->view.length);
	PutBytes(writer, scaler->view.bytes, scaler->view.length);
}

AuditScaler *
GetAuditScaler(FunctionCallInfo fcinfo, ByteReader *reader)
{
	uint64		length;
	const uint8 *value;

	if (GetByte(reader))
		return AuditScalerById(fcinfo, (int64) GetUint64(reader));
	length = GetVarint(reader);
	value = length <= BytesLeft(reader) ? GetBytes(reader, length) : NULL;
	if (value == NULL)
		elog(ERROR, "malformed state of an audit: scaler");
	return AuditScalerByValue(fcinfo, BytesToVarlena(value, length));
}

/* ---- arguments ---- */

/* Return the name of an argument for messages: of audit(raw, observed, scaler), or of audit(observed, scaler).  */
static const char *
ArgumentName(FunctionCallInfo fcinfo, int arg)
{
	return arg == GetCall(fcinfo)->nvalues ? "observed" : "raw";
}

/* Check the type of an argument with values: it must be an array or a row.  */
static void
CheckArgumentType(FunctionCallInfo fcinfo, AuditCall *call, int arg)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, arg);
	const char *array = ArrayExpression(type, "x");

	call->is_row[arg] = type_is_rowtype(type);
	if (!call->is_row[arg] && !OidIsValid(get_element_type(getBaseType(type))))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the %s values of an audit are of type %s, neither an array nor a row",
						ArgumentName(fcinfo, arg), format_type_be(type)),
				 array ? errhint("As an array, such a value x is %s.", array) :
				 errhint("Pass an array such as ARRAY[age, income], the alias of a table, or something else with a cast, such as ::real[].")));
	WarnOfRoundedArray(fcinfo, arg);
}

void
AuditCheckArguments(FunctionCallInfo fcinfo, int nvalues)
{
	AuditCall  *call = GetCall(fcinfo);

	call->nvalues = nvalues;
	call->names = PG_NARGS() > nvalues + 2 ? nvalues + 2 : 0;
	for (int arg = 1; arg <= nvalues; arg++)
	{
		if (!call->checked)
			CheckArgumentType(fcinfo, call, arg);
		if (PG_ARGISNULL(arg) && !(arg == 1 && call->names > 0))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("the %s values of a row to audit are NULL", ArgumentName(fcinfo, arg)),
					 errhint("Leave such rows out by FILTER (WHERE ... IS NOT NULL); a missing value is a NULL in the array.%s",
							 arg < nvalues ? "  Without any raw values, call normfreeze.audit(observed, scaler)." :
							 "")));
	}
	call->checked = true;
	if (PG_ARGISNULL(nvalues + 1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the scaler of an audit is NULL"),
				 errhint("Say which scaler the values are to be compared with.")));
}

/* Read an array with one value for each input.  "what" is the name of the argument.  */
static const double *
ReadArray(const AuditScaler *scaler, ArrayType *array, const char *what, FeatureBuffer *buffer)
{
	int			n = FeatureArrayLength(array);

	if (n != scaler->n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg_plural("a row to audit has %d %s value, scaler " INT64_FORMAT " expects %d",
							   "a row to audit has %d %s values, scaler " INT64_FORMAT " expects %d",
							   n, n, what, scaler->loaded->id, scaler->n),
				 errhint("Give one value for each feature that normalize() asks for, in the order of normfreeze.feature_names().")));
	return ReadFeatureArray(array, n, buffer);
}

/* Check that the features have names, by which the columns of a row are matched.  */
static void
CheckHasNames(FunctionCallInfo fcinfo, const AuditScaler *scaler, int arg)
{
	if (scaler->loaded->input_names == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match the columns of a row by",
						scaler->loaded->id),
				 errhint("Pass the %s values as an array, in the scaler's order.", ArgumentName(fcinfo, arg))));
}

/* Read a row, whose columns are matched to features by name.  */
static const double *
ReadAuditedRow(FunctionCallInfo fcinfo, AuditScaler *scaler, int arg, FeatureBuffer *buffer)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(arg);
	RowMap	   *map = &scaler->maps[arg];

	if (!RowMapMatches(map, row))
	{
		CheckHasNames(fcinfo, scaler, arg);
		RowMapInit(map, scaler->context, row, fcinfo, arg);
		RowMapBind(map, scaler->n, scaler->loaded->input_names, NULL);
	}
	ReadFeatureRow(map, row, buffer);
	return buffer->values;
}

/* Read the columns that stand for argument 1, as if they were a row.  */
static const double *
ReadAuditedColumns(FunctionCallInfo fcinfo, AuditScaler *scaler, int arg, int names, FeatureBuffer *buffer)
{
	ColumnCall *columns = FindColumnCall(fcinfo, names + 1, scaler->columns, scaler->context);
	RowMap	   *map = &scaler->maps[arg];

	if (unlikely(columns != scaler->columns))
	{
		scaler->columns = columns;
		CheckHasNames(fcinfo, scaler, arg);
		RowMapInitDesc(map, scaler->context, columns->desc);
		RowMapBind(map, scaler->n, scaler->loaded->input_names, NULL);
	}
	ReadFeatureColumns(map, columns, buffer);
	return buffer->values;
}

const double *
AuditReadArgument(FunctionCallInfo fcinfo, AuditScaler *scaler, int arg, FeatureBuffer *buffer, bool *single)
{
	const AuditCall *call = GetCall(fcinfo);
	ArrayType  *array;

	*single = false;
	if (arg == 1 && call->names > 0)
		return ReadAuditedColumns(fcinfo, scaler, arg, call->names, buffer);
	if (call->is_row[arg])
		return ReadAuditedRow(fcinfo, scaler, arg, buffer);
	array = PG_GETARG_ARRAYTYPE_P(arg);
	*single = ARR_ELEMTYPE(array) == FLOAT4OID;
	return ReadArray(scaler, array, ArgumentName(fcinfo, arg), buffer);
}
