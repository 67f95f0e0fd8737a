/*
 * bytes.h
 *		Reading and writing the little-endian pieces of our formats.
 */
#ifndef NORMFREEZE_CORE_BYTES_H
#define NORMFREEZE_CORE_BYTES_H

#include "core/float_bits.h"

typedef struct ByteWriter
{
	uint8_t    *data;
	size_t		length;
	size_t		capacity;
} ByteWriter;

/* Reading past the end, or anything malformed, sets failed and yields zeros. */
typedef struct ByteReader
{
	const uint8_t *data;
	size_t		length;
	size_t		position;
	bool		failed;
} ByteReader;

#define VARINT_MAX_LENGTH	10

/* LEB128: the length of a number's varint, and the varint itself at `out`; returns its length. */
extern size_t VarintLength(uint64_t value);
extern size_t EncodeVarint(uint8_t *out, uint64_t value);

extern void WriterInit(ByteWriter *writer, size_t capacity);
extern void PutBytes(ByteWriter *writer, const void *bytes, size_t length);
extern void PutByte(ByteWriter *writer, uint8_t byte);
extern void PutUint32(ByteWriter *writer, uint32_t value);
extern void PutUint64(ByteWriter *writer, uint64_t value);
extern void PutDouble(ByteWriter *writer, double value);
extern void PutVarint(ByteWriter *writer, uint64_t value);	/* LEB128 */
extern void PutString(ByteWriter *writer, const char *string);

extern void ReaderInit(ByteReader *reader, const void *data, size_t length);
extern const uint8_t *GetBytes(ByteReader *reader, size_t length);
extern uint8_t GetByte(ByteReader *reader);
extern uint32_t GetUint32(ByteReader *reader);
extern uint64_t GetUint64(ByteReader *reader);
extern double GetDouble(ByteReader *reader);
extern uint64_t GetVarint(ByteReader *reader);	/* shortest form only */
extern char *GetString(ByteReader *reader, size_t max_length);

static inline size_t
BytesLeft(const ByteReader *reader)
{
	return reader->length - reader->position;
}

#endif							/* NORMFREEZE_CORE_BYTES_H */
