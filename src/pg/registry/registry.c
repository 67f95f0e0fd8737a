/*
 * registry.c
 *		Reading frozen scalers by id.
 *
 * They are read as the current user: applying a scaler by id or ref needs SELECT on
 * normfreeze.scalers, and its row security applies.
 */
#include "pg/registry/registry.h"

#include "access/xact.h"
#include "pg/base/installed.h"
#include "pg/base/sql.h"
#include "pg/registry/index_rows.h"
#include "pg/scaler/scaler_view.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/timestamp.h"

#define DOUBLE_SPACING	1024	/* greatest distance of adjacent float8 values below 2^63 */

int64
IdOfSameDouble(int64 id)
{
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(id)),
		SQL_ARG(INT8OID, Int64GetDatum(id < DOUBLE_SPACING ? 0 : id - DOUBLE_SPACING)),
		SQL_ARG(INT8OID, Int64GetDatum(id > PG_INT64_MAX - DOUBLE_SPACING ? PG_INT64_MAX : id + DOUBLE_SPACING)),
	};
	int64		found = 0;

	if (!MayRead("scalers"))
		return 0;
	/* a range, which can use the index */
	if (SqlRun("SELECT s.scaler_id FROM normfreeze.scalers AS s "
			   "WHERE s.scaler_id OPERATOR(pg_catalog.>=) $2 AND s.scaler_id OPERATOR(pg_catalog.<=) $3 "
			   "AND pg_catalog.float8(s.scaler_id) " EQ " pg_catalog.float8($1) "
			   "AND s.scaler_id OPERATOR(pg_catalog.<>) $1 LIMIT 1",
			   true, SQL_READ, args, lengthof(args)) > 0)
		found = SqlInt8(0, 1);
	SqlFinish();
	return found;
}

char *
HintOfSameDouble(int64 meant)
{
	return psprintf("Did it go through a floating-point number (JavaScript, JSON, pandas)?  Scaler " INT64_FORMAT
					" rounds to the same one: pass ids as text or as 64-bit integers.", meant);
}

void
UnknownScaler(int64 id)
{
	int64		meant = IdOfSameDouble(id);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no scaler with id " INT64_FORMAT, id),
			 meant ? errhint("%s", HintOfSameDouble(meant)) :
			 errhint("It may not be committed, not be restored in this database, or be frozen by this very statement, "
					 "which does not see it yet; normfreeze.scalers lists what is there.")));
}

/* Copy the columns of a row to a context. */
static void
KeepRow(RegistryRow *row, const char *fingerprint, Datum scaler, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);

	if (!HexToBytes(fingerprint, row->fingerprint, DIGEST_LENGTH))
		memset(row->fingerprint, 0, DIGEST_LENGTH);
	row->scaler = datumCopy(scaler, false, -1);
	MemoryContextSwitchTo(old);
}

/* Run the query of RegistryTryFetch() by an index.  Return false if the query is needed. */
static bool
FetchByIndex(int64 id, RegistryRow *row, bool *exists)
{
	IndexQuery	query = {"scalers", "scalers_pkey", 1, {{"scaler_id", INT8OID}},
	2, {{"fingerprint", TEXTOID}, {"scaler", RegistryType("scaler")}}};
	Datum		key = Int64GetDatum(id);
	IndexRows  *rows = IndexRowsBegin(&query, GetUserId(), &key);

	if (rows == NULL)
		return false;
	*exists = IndexRowsNext(rows, ForwardScanDirection);
	if (*exists)
		KeepRow(row, TextDatumGetCString(IndexRowsValue(rows, 0)), IndexRowsValue(rows, 1), CurrentMemoryContext);
	IndexRowsEnd(rows);
	return true;
}

bool
RegistryTryFetch(int64 id, RegistryRow *row)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		exists;

	if (FetchByIndex(id, row, &exists))
		return exists;
	exists = SqlRun("SELECT s.fingerprint, s.scaler FROM normfreeze.scalers AS s "
					"WHERE s.scaler_id " EQ " $1",
					true, SQL_READ, args, lengthof(args)) > 0;
	if (exists)
		KeepRow(row, SqlText(0, 1), SqlScaler(0, 2), caller);
	SqlFinish();
	return exists;
}

void
RegistryFetch(int64 id, RegistryRow *row)
{
	if (!RegistryTryFetch(id, row))
		UnknownScaler(id);
}

bool
RegistryHasCommitted(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		committed = false;

	/* a row that our snapshot sees is committed or belongs to our own transaction */
	if (SqlRun("SELECT s.xmin FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
			   true, SQL_READ, args, lengthof(args)) > 0)
		committed = !TransactionIdIsCurrentTransactionId(DatumGetTransactionId(SqlPresent(0, 1, XIDOID)));
	SqlFinish();
	return committed;
}

bytea *
RegistryScaler(int64 id)
{
	RegistryRow row;
	bytea	   *scaler;
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	RegistryFetch(id, &row);
	scaler = DatumGetByteaP(row.scaler);
	ViewScalerDatum(&view, PointerGetDatum(scaler));
	ScalerFingerprint(fingerprint, &view);
	if (memcmp(fingerprint, row.fingerprint, DIGEST_LENGTH) != 0 || FingerprintToId(fingerprint) != id)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen", id),
				 errdetail("Its content has the fingerprint %s.", BytesToHex(fingerprint, DIGEST_LENGTH)),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the row from a backup.", id)));
	return scaler;
}

bytea *
RegistryProfile(const uint8 *digest)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_TEXT_ARG(BytesToHex(digest, DIGEST_LENGTH))};
	bytea	   *profile = NULL;

	if (SqlRun("SELECT p.profile FROM normfreeze.profiles AS p WHERE p.digest " EQ " $1",
			   true, SQL_READ, args, lengthof(args)) > 0)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		profile = DatumGetByteaPCopy(SqlPresent(0, 1, RegistryType("profile")));
		MemoryContextSwitchTo(old);
	}
	SqlFinish();
	return profile;
}

bytea *
RegistryVisibleProfile(const uint8 *digest)
{
	if (digest == NULL || !MayRead("profiles"))
		return NULL;
	return RegistryProfile(digest);
}

/* ---- SQL ---- */

PG_FUNCTION_INFO_V1(scaler);
Datum
scaler(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(RegistryScaler(PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(profile_of);
Datum
profile_of(PG_FUNCTION_ARGS)
{
	bytea	   *scaler = RegistryScaler(PG_GETARG_INT64(0));
	ScalerView	view;
	bytea	   *profile;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	CheckIsNoSet(&view);
	profile = view.digest ? RegistryProfile(view.digest) : NULL;
	if (profile == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(profile);
}
