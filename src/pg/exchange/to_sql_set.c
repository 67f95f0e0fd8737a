/*
 * to_sql_set.c
 *		The function to_sql() of a set of scalers by key.
 *
 * The rows are joined with a table of parameters, a row for each key, which the statement has in it.  The
 * expressions of members mostly differ in their numbers alone, so each number is a column; where methods differ,
 * a column says which expression is meant.  A CASE over the keys would need no join, but with 1,000 keys
 * PostgreSQL took minutes for it, and DuckDB ten times as long as for the join.
 */
#include "pg/exchange/to_sql_set.h"

#include "miscadmin.h"
#include "pg/base/installed.h"
#include "pg/base/json_tree.h"
#include "pg/base/sql.h"
#include "pg/base/varlena_type.h"
#include "pg/registry/members.h"
#include "pg/registry/registry.h"
#include "utils/builtins.h"

#define MOST_BYTES		(32 * 1024 * 1024)	/* more than any system reads as one statement */
#define MOST_COLUMNS	1000	/* of the table of parameters; no system that has a limit has a lower one but for
								 * SQLite's VALUES */

bytea *
ScalerWithMembers(int64 id)
{
	MemoryContext caller = CurrentMemoryContext;
	bytea	   *bare = RegistryScaler(id);
	bytea	   *whole = NULL;
	uint8		fingerprint[DIGEST_LENGTH];
	ScalerView	view;
	SetRecipe	recipe;
	SqlArg		args[2] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	MemoryContext old;

	ViewScalerDatum(&view, PointerGetDatum(bare));
	if (!ViewIsSet(&view))
		return bare;
	DecodeSetRecipe(&recipe, &view);
	if (recipe.unseen == UNSEEN_FALLBACK)
	{
		int64		fallback = DatumGetInt64(FallbackArg(&view).value);

		args[1] = SQL_ARG(RegistryType("scaler"), PointerGetDatum(RegistryScaler(fallback)));
	}
	else
		args[1] = SQL_TEXT_ARG(PolicyCodeToName(unseen_policy_names, recipe.unseen));
	if (SqlRun("SELECT normfreeze.by_key(m.key, s.scaler, $2) FROM normfreeze.members AS m "
			   "JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " m.scaler_id WHERE m.set_id " EQ " $1 GROUP BY m.set_id",
			   false, SQL_READ, args, lengthof(args)) == 1)
	{
		old = MemoryContextSwitchTo(caller);
		whole = DatumGetByteaPCopy(SqlScaler(0, 1));
		MemoryContextSwitchTo(old);
		ViewScalerDatum(&view, PointerGetDatum(whole));
		ScalerFingerprint(fingerprint, &view);
	}
	SqlFinish();
	if (whole == NULL || FingerprintToId(fingerprint) != id)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the members of set " INT64_FORMAT " that can be read are not those that it was frozen with",
						id),
				 errhint("SELECT * FROM normfreeze.verify(" INT64_FORMAT ") says what is wrong; row security may hide some.", id)));
	return whole;
}

void
SqlSetInit(SqlSet *set, Datum scaler, const char *dialect)
{
	uint8		fingerprint[DIGEST_LENGTH];
	ScalerView	view;
	SetReader	reader;

	memset(set, 0, sizeof(*set));
	set->dialect = SqlDialectByName(dialect);
	ViewScalerDatum(&view, scaler);
	CheckIsSet(&view);
	CheckHasMembers(&view);
	ScalerFingerprint(fingerprint, &view);
	set->id = FingerprintToId(fingerprint);
	set->fingerprint = BytesToHex(fingerprint, DIGEST_LENGTH);
	DecodeSetRecipe(&set->recipe, &view);
	if (set->dialect->rows_before == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("SQL for %s cannot express a set of scalers by key", dialect),
				 errhint("Export its scalers one by one: normfreeze.members has their ids, by key.")));
	SetReaderInit(&reader, &view, &set->recipe);
	set->keys = palloc(sizeof(char *) * set->recipe.nmembers);
	set->scalers = palloc(sizeof(Datum) * (set->recipe.nmembers + 1));
	for (uint32 i = 0; i < set->recipe.nmembers; i++)
	{
		SetMember	member;

		CHECK_FOR_INTERRUPTS();
		SetReaderNext(&reader, &member);
		set->keys[i] = pnstrdup(member.key, member.key_length);
		set->scalers[i] = PointerGetDatum(BytesToVarlena(member.scaler, member.scaler_length));
	}
	if (set->recipe.unseen == UNSEEN_FALLBACK)
		set->scalers[set->recipe.nmembers] =
			PointerGetDatum(BytesToVarlena(reader.fallback.scaler, reader.fallback.scaler_length));
	if (set->recipe.unseen == UNSEEN_ERROR && set->dialect->raise == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("SQL for %s cannot express an error for a key that the set does not have", dialect),
				 errhint("normfreeze.by_key(key, scaler, 'null') and by_key(key, scaler, fallback) make sets that give something for other keys.")));
	SqlExportInit(&set->first, set->scalers[0], dialect);
}

/* What an error is about. */
static void
SayWhichKey(void *key)
{
	errcontext("scaler of key \"%s\"", KeyLabel(key, strlen(key)));
}

/* What a feature is for the keys of a set. */
typedef struct SlotOfSet
{
	int			nshapes;
	char	  **shapes;			/* the different expressions, with columns of the set's table for numbers */
	int		   *shape;			/* by member */
	int			ncolumns;
	SlotNumbers *numbers;		/* by member */
	char	   *other;			/* what another key gives */
} SlotOfSet;

static void
TooLong(const SqlSet *set, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the SQL of a set of %u keys and %d features would have more than %s",
					set->recipe.nmembers, set->recipe.features.count, what),
			 errhint("Export sets of fewer keys or features, or scalers of fewer quantiles.")));
}

/* Note the expression of a slot for a member. */
static void
NoteShape(SlotOfSet *slot, uint32 member, const char *text)
{
	int			i = 0;

	while (i < slot->nshapes && strcmp(slot->shapes[i], text) != 0)
		i++;
	if (i == slot->nshapes)
	{
		slot->shapes = slot->shapes ? repalloc(slot->shapes, sizeof(char *) * (i + 1)) : palloc(sizeof(char *));
		slot->shapes[slot->nshapes++] = pstrdup(text);
	}
	slot->shape[member] = i;
}

/* Write the expressions of a member, or those for other keys, with their numbers in them. */
static void
AddScaler(const SqlSet *set, SlotOfSet *slots, uint32 member, const char *relation)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(outer, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	bool		is_member = member < set->recipe.nmembers;
	ErrorContextCallback context = {error_context_stack, SayWhichKey, is_member ? set->keys[member] : NULL};
	SqlExport	sql;

	if (is_member)
		error_context_stack = &context;
	MemoryContextSwitchTo(scratch);
	SqlExportInit(&sql, set->scalers[member], set->dialect->name);
	SqlExportColumns(&sql, relation);
	for (int i = 0; i < sql.export.transform.ninputs; i++)
	{
		SlotOfSet  *slot = &slots[i];
		char	   *text;

		CHECK_FOR_INTERRUPTS();
		if (!is_member)
		{
			slot->other = MemoryContextStrdup(outer, SqlExpression(&sql, i));
			continue;
		}
		slot->numbers[member] = (SlotNumbers) {.context = outer, .slot = i};
		sql.numbers = &slot->numbers[member];
		sql.largest = NULL;
		text = SqlExpression(&sql, i);
		MemoryContextSwitchTo(outer);
		NoteShape(slot, member, text);
		slot->ncolumns = Max(slot->ncolumns, slot->numbers[member].count);
		if (slot->ncolumns > MOST_COLUMNS)
			TooLong(set, psprintf("%d parameters of a feature", MOST_COLUMNS));
		MemoryContextSwitchTo(scratch);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(scratch);
	error_context_stack = context.previous;
}

/* Append the expression of a slot for whichever key there is. */
static void
AppendSlot(StringInfo out, const SqlSet *set, const SlotOfSet *slot, int number)
{
	appendStringInfo(out, "CASE WHEN " SET_TABLE ".k IS NULL THEN %s", slot->other);
	for (int i = 0; i < slot->nshapes - 1; i++)
		appendStringInfo(out, " WHEN " SET_TABLE ".s%d = %s THEN %s", number + 1, SqlNumber(set->dialect, i + 1),
						 slot->shapes[i]);
	appendStringInfo(out, " ELSE %s END", slot->shapes[slot->nshapes - 1]);
}

/* Append the table of parameters: for each key a row with a shape and the numbers of each feature. */
static void
AppendTable(StringInfo out, const SqlSet *set, const SlotOfSet *slots, int nslots)
{
	const SqlDialect *dialect = set->dialect;
	StringInfoData names;
	const char *key_type = dialect->key_type ? psprintf(" %s", dialect->key_type) : "";
	const char *number_type = dialect->number_type ? psprintf(" %s", dialect->number_type) : "";
	size_t		start = out->len;

	initStringInfo(&names);
	appendStringInfo(&names, "k%s", key_type);
	for (int i = 0; i < nslots; i++)
		for (int c = 0; c <= slots[i].ncolumns; c++)
		{
			char	   *name = c == 0 ? psprintf("s%d", i + 1) : psprintf("p%d_%d", i + 1, c);

			appendStringInfo(&names, ", %s%s", name, number_type);
		}
	appendStringInfoString(out, SqlApply(dialect->rows_before, names.data, SET_TABLE));
	for (uint32 m = 0; m < set->recipe.nmembers; m++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(out, m ? ",\n (" : "\n ");
		if (m == 0)
			appendStringInfoString(out, SqlApply(dialect->first_row ? dialect->first_row : "(", names.data, NULL));
		appendStringInfoString(out, SqlString(dialect, set->keys[m]));
		for (int i = 0; i < nslots; i++)
		{
			const SlotNumbers *numbers = &slots[i].numbers[m];

			appendStringInfo(out, ", %s", SqlNumber(dialect, slots[i].shape[m] + 1));
			for (int c = 0; c < slots[i].ncolumns; c++)
				appendStringInfo(out, ", %s",
								 c < numbers->count ? SqlNumber(dialect, numbers->values[c]) : SqlNull(dialect));
		}
		appendStringInfoChar(out, ')');
		if (out->len - start > MOST_BYTES)
			TooLong(set, psprintf("%d MB", MOST_BYTES / (1024 * 1024)));
	}
	appendStringInfo(out, "%s", SqlApply(dialect->rows_after, names.data, SET_TABLE));
}

void
AppendSqlSetList(StringInfo out, SqlSet *set, const char *relation, const char *key)
{
	int			nslots = set->first.export.transform.ninputs;
	uint32		nmembers = set->recipe.nmembers;
	SlotOfSet  *slots = palloc0(sizeof(SlotOfSet) * (nslots + 1));
	int			ncolumns = 1;
	char	   *from = SqlQualifier(set->dialect, relation);
	char	   *other = NULL;	/* what another key gives, unless that is the fallback */

	if (set->recipe.unseen == UNSEEN_NULL)
		other = SqlNull(set->dialect);
	else if (set->recipe.unseen == UNSEEN_ERROR)
		other = SqlApply(set->dialect->raise, key, "normfreeze: the set of scalers has no such key");
	from[strlen(from) - 1] = '\0';
	for (int i = 0; i < nslots; i++)
	{
		slots[i].shape = palloc(sizeof(int) * nmembers);
		slots[i].numbers = palloc0(sizeof(SlotNumbers) * nmembers);
		slots[i].other = other;
	}
	for (uint32 m = 0; m < nmembers + (set->recipe.unseen == UNSEEN_FALLBACK); m++)
		AddScaler(set, slots, m, relation);
	for (int i = 0; i < nslots; i++)
	{
		ncolumns += 1 + slots[i].ncolumns;
		appendStringInfoString(out, i ? ",\n" : "");
		AppendSlot(out, set, &slots[i], i);
		appendStringInfoString(out, " AS ");
		AppendSqlName(out, set->dialect, ExportName(&set->first.export, i));
		CHECK_FOR_INTERRUPTS();
		if (out->len > MOST_BYTES)
			TooLong(set, psprintf("%d MB", MOST_BYTES / (1024 * 1024)));
	}
	if (ncolumns > MOST_COLUMNS)
		TooLong(set, psprintf("%d parameters", MOST_COLUMNS));
	appendStringInfo(out, "\nFROM %s LEFT JOIN ", from);
	AppendTable(out, set, slots, nslots);
	appendStringInfo(out, " ON " SET_TABLE ".k = %s", key);
}

void
AppendSqlSetIdentity(StringInfo out, const SqlSet *set, const char *key)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfo(&json, "{\"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", \"dialect\": \"%s\"",
					 set->id, set->fingerprint, set->dialect->name);
	if (key)
	{
		appendStringInfoString(&json, ", \"key\": ");
		AppendJsonString(&json, key);
	}
	appendStringInfo(&json, ", \"keys\": %u}", set->recipe.nmembers);
	AppendSqlComment(out, set->dialect, json.data);
}

/* Return the column of the key, as text that is compared by its bytes. */
static char *
KeyColumn(const SqlSet *set, const char *relation, const char *key)
{
	StringInfoData column;

	initStringInfo(&column);
	appendStringInfoString(&column, SqlQualifier(set->dialect, relation));
	AppendSqlName(&column, set->dialect, key);
	return SqlApply(set->dialect->key, column.data, NULL);
}

static Datum
SetToSql(FunctionCallInfo fcinfo, Datum scaler)
{
	SqlSet		set;
	StringInfoData out;
	char	   *relation = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *key = text_to_cstring(PG_GETARG_TEXT_PP(3));

	SqlSetInit(&set, scaler, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	if (relation[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the SQL of a set needs the relation that has the key"),
				 errhint("Name a table or view, or a subquery in WITH.")));
	initStringInfo(&out);
	AppendSqlSetList(&out, &set, relation, KeyColumn(&set, relation, key));
	appendStringInfoChar(&out, '\n');
	AppendSqlSetIdentity(&out, &set, key);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

static bool
AnyIsNull(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3);
}

PG_FUNCTION_INFO_V1(to_sql_set);
Datum
to_sql_set(PG_FUNCTION_ARGS)
{
	if (AnyIsNull(fcinfo))
		PG_RETURN_NULL();
	return SetToSql(fcinfo, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(to_sql_set_id);
Datum
to_sql_set_id(PG_FUNCTION_ARGS)
{
	if (AnyIsNull(fcinfo))
		PG_RETURN_NULL();
	return SetToSql(fcinfo, PointerGetDatum(ScalerWithMembers(PG_GETARG_INT64(0))));
}
