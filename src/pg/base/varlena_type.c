/*
 * varlena_type.c
 *		Comparing, hashing, sending and receiving values that are bytes.
 *
 * Equal values have equal canonical bytes.  So memcmp() is their order, and one set of functions
 * serves every type.
 */
#include "pg/base/varlena_type.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "pg/base/call.h"
#include "pg/base/digest.h"

#define CHECK_LENGTH	8

bytea *
BytesToVarlena(const void *bytes, size_t length)
{
	bytea	   *result = palloc(VARHDRSZ + length);

	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	return result;
}

const uint8 *
ReceiveChecked(StringInfo message, const char *type, size_t *length)
{
	int			total = message->len - message->cursor;
	const uint8 *bytes;
	uint8		digest[DIGEST_LENGTH];
	DigestPart	part;

	if (total <= CHECK_LENGTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary value of type normfreeze.%s: only %d bytes", type, total)));
	bytes = (const uint8 *) pq_getmsgbytes(message, total);
	part.data = bytes + CHECK_LENGTH;
	part.length = *length = total - CHECK_LENGTH;
	DigestParts(digest, &part, 1);
	if (memcmp(digest, bytes, CHECK_LENGTH) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("damaged value of type normfreeze.%s", type),
				 errdetail("Its digest does not match its content.")));
	return part.data;
}

bytea *
SendChecked(const uint8 *bytes, size_t length)
{
	StringInfoData out;
	uint8		digest[DIGEST_LENGTH];
	DigestPart	part = {bytes, length};

	DigestParts(digest, &part, 1);
	pq_begintypsend(&out);
	pq_sendbytes(&out, (const char *) digest, CHECK_LENGTH);
	pq_sendbytes(&out, (const char *) bytes, length);
	return pq_endtypsend(&out);
}

static int
CompareBytes(FunctionCallInfo fcinfo)
{
	bytea	   *a = PG_GETARG_BYTEA_PP(0);
	bytea	   *b = PG_GETARG_BYTEA_PP(1);
	size_t		a_length = VARSIZE_ANY_EXHDR(a);
	size_t		b_length = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	if (order == 0)
		order = (a_length > b_length) - (a_length < b_length);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

SQL_FUNCTION(value_eq, BoolGetDatum(CompareBytes(fcinfo) == 0))
SQL_FUNCTION(value_ne, BoolGetDatum(CompareBytes(fcinfo) != 0))
SQL_FUNCTION(value_lt, BoolGetDatum(CompareBytes(fcinfo) < 0))
SQL_FUNCTION(value_le, BoolGetDatum(CompareBytes(fcinfo) <= 0))
SQL_FUNCTION(value_gt, BoolGetDatum(CompareBytes(fcinfo) > 0))
SQL_FUNCTION(value_ge, BoolGetDatum(CompareBytes(fcinfo) >= 0))

PG_FUNCTION_INFO_V1(value_cmp);
Datum
value_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(CompareBytes(fcinfo));
}

PG_FUNCTION_INFO_V1(value_hash);
Datum
value_hash(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_UINT32(DatumGetUInt32(hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value))));
}

PG_FUNCTION_INFO_V1(value_hash_extended);
Datum
value_hash_extended(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	return hash_any_extended((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), PG_GETARG_INT64(1));
}
