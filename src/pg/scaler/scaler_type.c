/*
 * scaler_type.c
 *		The SQL type normfreeze.scaler: its functions.
 *
 * Ids are made in scaler_view.c (ScalerFingerprint(), FingerprintToId()), by SHA-256 in
 * pg/base/digest.c.
 */
#include "pg/base/compat.h"

#include "fmgr.h"
#include "pg/base/varlena_type.h"
#include "pg/scaler/scaler_check.h"
#include "pg/scaler/scaler_json.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

static Datum
CheckedScaler(const void *bytes, size_t length)
{
	ScalerView	view;

	ViewScaler(&view, bytes, length);
	CheckUntrustedScaler(&view);
	return PointerGetDatum(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(scaler_in);
Datum
scaler_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_BYTEA_P(ScalerFromJson(JsonParse(text, strlen(text), "scaler")));
}

PG_FUNCTION_INFO_V1(scaler_out);
Datum
scaler_out(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	PG_RETURN_CSTRING(ScalerToJson(&view, true));
}

PG_FUNCTION_INFO_V1(scaler_recv);
Datum
scaler_recv(PG_FUNCTION_ARGS)
{
	size_t		length;
	const uint8 *bytes = ReceiveChecked((StringInfo) PG_GETARG_POINTER(0), "scaler", &length);

	return CheckedScaler(bytes, length);
}

PG_FUNCTION_INFO_V1(scaler_send);
Datum
scaler_send(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_BYTEA_P(SendChecked((uint8 *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

PG_FUNCTION_INFO_V1(scaler_to_jsonb);
Datum
scaler_to_jsonb(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(ScalerToJson(&view, true)));
}

PG_FUNCTION_INFO_V1(jsonb_to_scaler);
Datum
jsonb_to_scaler(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ScalerFromJson(JsonParseJsonb(PG_GETARG_JSONB_P(0), "scaler")));
}

PG_FUNCTION_INFO_V1(fingerprint);
Datum
fingerprint(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	ScalerFingerprint(bytes, &view);
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex(bytes, DIGEST_LENGTH)));
}

PG_FUNCTION_INFO_V1(id_of);
Datum
id_of(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	ScalerFingerprint(bytes, &view);
	PG_RETURN_INT64(FingerprintToId(bytes));
}

PG_FUNCTION_INFO_V1(bare);
Datum
bare(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	PG_RETURN_BYTEA_P(MakeBareScaler(&view));
}

/* Return the profile inside a scaler; NULL if the scaler does not contain one. */
PG_FUNCTION_INFO_V1(profile_of_scaler);
Datum
profile_of_scaler(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	CheckIsNoSet(&view);
	if (view.profile == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(BytesToVarlena(view.profile, view.profile_length));
}

/*
 * Return the digest of the profile that a scaler was fitted on, whether it contains the profile or not.  A value that
 * was damaged where it is stored has none: an index of normfreeze.scalers has these digests, and must not keep rows
 * from being repaired.
 */
PG_FUNCTION_INFO_V1(digest_of);
Datum
digest_of(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);
	ScalerView	view;

	if (!TryViewScaler(&view, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) || view.digest == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex(view.digest, DIGEST_LENGTH)));
}

/*
 * The CHECK constraint of normfreeze.scalers: the value must be a valid bare scaler or set, with its own id and
 * fingerprint.
 */
PG_FUNCTION_INFO_V1(is_content);
Datum
is_content(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(2));
	CheckUntrustedScaler(&view);
	ScalerFingerprint(bytes, &view);
	PG_RETURN_BOOL(view.profile == NULL && view.members == NULL &&
				   FingerprintToId(bytes) == PG_GETARG_INT64(0) &&
				   strcmp(BytesToHex(bytes, DIGEST_LENGTH), text_to_cstring(PG_GETARG_TEXT_PP(1))) == 0);
}
