/*
 * contents.c
 *		Storing the content of one scaler, and its evidence: the profile that it was fitted on.
 */
#include "pg/registry/contents.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/base/varlena_type.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/probe_arrays.h"
#include "pg/scaler/scaler_check.h"
#include "utils/builtins.h"

bool
ProfileIsStored(const uint8 *digest)
{
	SqlArg		args[] = {SQL_TEXT_ARG(BytesToHex(digest, DIGEST_LENGTH))};
	bool		stored = SqlRun("SELECT 1 FROM normfreeze.profiles AS p WHERE p.digest " EQ " $1",
								true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return stored;
}

bool
StoreProfile(const ScalerView *view)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(BytesToHex(view->digest, DIGEST_LENGTH)),
		SQL_ARG(RegistryType("profile"), PointerGetDatum(BytesToVarlena(view->profile, view->profile_length))),
	};

	if (FindPurge(view->digest, SQL_LATEST, NULL))
		return false;
	SqlRun("INSERT INTO normfreeze.profiles (digest, profile) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
		   true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
	SqlFinish();
	return true;
}

void
StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe)
{
	ArrayType  *inputs;
	ArrayType  *outputs;
	char	   *stored;
	uint64		inserted;
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(id)),
		SQL_TEXT_ARG(fingerprint),
		SQL_ARG(RegistryType("scaler"), PointerGetDatum(MakeBareScaler(view))),
		SQL_NULL_ARG(FLOAT8ARRAYOID),
		SQL_NULL_ARG(FLOAT8ARRAYOID),
	};

	if (recipe)
		MakeProbeArrays(recipe, &inputs, &outputs);
	else
		inputs = outputs = construct_empty_array(FLOAT8OID);
	args[3] = SQL_ARG(FLOAT8ARRAYOID, PointerGetDatum(inputs));
	args[4] = SQL_ARG(FLOAT8ARRAYOID, PointerGetDatum(outputs));
	inserted = SqlRun("INSERT INTO normfreeze.scalers (scaler_id, fingerprint, scaler, probe_inputs, probe_outputs) "
					  "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
					  true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
	SqlFinish();
	if (inserted > 0)
		return;

	/* if there is a row already, it must have the same content */
	if (SqlRun("SELECT s.fingerprint FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, 1) == 0)
		UnknownScaler(id);
	stored = SqlText(0, 1);
	if (strcmp(stored, fingerprint) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("id " INT64_FORMAT " already belongs to other content", id),
				 errdetail("The fingerprint there is %s, this one is %s.", stored, fingerprint)));
	SqlFinish();
}
