/*
 * digest.c
 *		SHA-256, hexadecimal and base64.
 *
 *		The id of a scaler is the first 63 bits of such a digest: see ScalerFingerprint() and FingerprintToId()
 *		in pg/scaler/scaler_view.c.
 */
#include "pg/base/digest.h"

#include "common/base64.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "core/base/sha256.h"

#define ARMOR_DIGITS	16

/* Compute SHA-256 by PostgreSQL's own functions, for processors without instructions for it. */
static void
DigestByServer(uint8 *digest, const DigestPart *parts, int nparts)
{
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);
	bool		ok = context != NULL && pg_cryptohash_init(context) >= 0;

	for (int i = 0; ok && i < nparts; i++)
		ok = parts[i].length == 0 ||
			pg_cryptohash_update(context, parts[i].data, parts[i].length) >= 0;
	ok = ok && pg_cryptohash_final(context, digest, PG_SHA256_DIGEST_LENGTH) >= 0;
	pg_cryptohash_free(context);
	if (!ok)
		elog(ERROR, "could not compute a SHA-256 digest");
}

void
DigestParts(uint8 *digest, const DigestPart *parts, int nparts)
{
	Sha256		sha;

	if (!Sha256IsSupported())
	{
		DigestByServer(digest, parts, nparts);
		return;
	}
	Sha256Start(&sha);
	for (int i = 0; i < nparts; i++)
		Sha256Add(&sha, parts[i].data, parts[i].length);
	Sha256Finish(&sha, digest);
}

char *
BytesToHex(const uint8 *bytes, int length)
{
	static const char digits[] = "0123456789abcdef";
	char	   *hex = palloc(2 * length + 1);

	for (int i = 0; i < length; i++)
	{
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * length] = '\0';
	return hex;
}

static int
HexDigit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
HexToBytes(const char *hex, uint8 *bytes, int length)
{
	if (strlen(hex) != (size_t) length * 2)
		return false;
	for (int i = 0; i < length; i++)
	{
		int			high = HexDigit(hex[2 * i]);
		int			low = HexDigit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8) (high << 4 | low);
	}
	return true;
}

char *
BytesToBase64(const uint8 *bytes, size_t length)
{
	int			capacity = pg_b64_enc_len(length);
	char	   *text = palloc(capacity + 1);
	int			written = pg_b64_encode((const void *) bytes, length, (void *) text, capacity);

	if (written < 0)
		elog(ERROR, "could not encode %zu bytes", length);
	text[written] = '\0';
	return text;
}

uint8 *
Base64ToBytes(const char *text, size_t text_length, size_t *length)
{
	int			capacity = pg_b64_dec_len(text_length);
	uint8	   *bytes = palloc(capacity + 1);
	int			written = pg_b64_decode((const void *) text, text_length, (void *) bytes, capacity);

	if (written < 0)
		return NULL;
	*length = written;
	return bytes;
}

char *
BytesToArmor(const char *kind, const uint8 *bytes, size_t length)
{
	uint8		digest[DIGEST_LENGTH];
	DigestPart	part = {bytes, length};

	DigestParts(digest, &part, 1);
	return psprintf("%s:%s:%s", kind, BytesToHex(digest, ARMOR_DIGITS / 2), BytesToBase64(bytes, length));
}

uint8 *
ArmorToBytes(const char *kind, const char *text, size_t *length)
{
	size_t		kind_length = strlen(kind);
	size_t		text_length;
	const char *payload;
	uint8	   *bytes;
	uint8		digest[DIGEST_LENGTH];
	DigestPart	part;

	while (isspace((unsigned char) *text))
		text++;
	text_length = strlen(text);
	while (text_length > 0 && isspace((unsigned char) text[text_length - 1]))
		text_length--;

	if (strncmp(text, kind, kind_length) != 0 || text[kind_length] != ':' ||
		text_length < kind_length + 1 + ARMOR_DIGITS + 1 ||
		text[kind_length + 1 + ARMOR_DIGITS] != ':')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type normfreeze.%s", kind),
				 errdetail("The text does not have the form %s:digest:base64.", kind)));

	payload = text + kind_length + 1 + ARMOR_DIGITS + 1;
	bytes = Base64ToBytes(payload, text + text_length - payload, length);
	if (bytes == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type normfreeze.%s", kind),
				 errdetail("The base64 part is malformed.")));

	part.data = bytes;
	part.length = *length;
	DigestParts(digest, &part, 1);
	if (strncmp(BytesToHex(digest, ARMOR_DIGITS / 2), text + kind_length + 1, ARMOR_DIGITS) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("damaged value of type normfreeze.%s", kind),
				 errdetail("Its digest does not match its content.")));
	return bytes;
}
