/*
 * bytes.h
 *		Reading and writing the pieces of our formats, which are little-endian.
 */
#ifndef NORMFREEZE_CORE_BYTES_H
#define NORMFREEZE_CORE_BYTES_H

#include "core/base/float_bits.h"

/* Bytes that grow as they are written. */
typedef struct ByteWriter
{
	uint8_t    *data;
	size_t		length;
	size_t		capacity;
} ByteWriter;

/*
 * Bytes that are being read.  Reading past the end, or anything malformed, sets "failed", and yields zeros from
 * then on.
 */
typedef struct ByteReader
{
	const uint8_t *data;
	size_t		length;
	size_t		position;
	bool		failed;
} ByteReader;

#define VARINT_MAX_LENGTH	10

/* The length of a number as a varint (LEB128), and writing it at "out", which returns the length. */
extern size_t VarintLength(uint64_t value);
extern size_t EncodeVarint(uint8_t *out, uint64_t value);

/* Start writing, with room for "capacity" bytes. */
extern void WriterInit(ByteWriter *writer, size_t capacity);

/* Write a string in UTF-8: a varint with its length in bytes, and the bytes. */
extern void PutString(ByteWriter *writer, const char *string);

/* Make room for "length" more bytes. */
extern void WriterGrow(ByteWriter *writer, size_t length);

/*
 * Make room for "length" more bytes, and return where they may be written.  They are a part of the data once the
 * caller has added their number to writer->length.
 */
static inline uint8_t *
WriterRoom(ByteWriter *writer, size_t length)
{
	if (__builtin_expect(length > writer->capacity - writer->length, 0))
		WriterGrow(writer, length);
	return writer->data + writer->length;
}

/* Write bytes, one byte, or a little-endian number. */
static inline void
PutBytes(ByteWriter *writer, const void *bytes, size_t length)
{
	uint8_t    *out = WriterRoom(writer, length);

	if (length > 0)
		memcpy(out, bytes, length);
	writer->length += length;
}

static inline void
PutByte(ByteWriter *writer, uint8_t byte)
{
	*WriterRoom(writer, 1) = byte;
	writer->length++;
}

/* Return a number whose bytes in memory are those of "value" in little-endian order. */
static inline uint64_t
LittleEndian64(uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(value);
#else
	return value;
#endif
}

static inline void
PutUint32(ByteWriter *writer, uint32_t value)
{
	uint8_t    *out = WriterRoom(writer, 4);

	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t) (value >> (8 * i));
	writer->length += 4;
}

static inline void
PutUint64(ByteWriter *writer, uint64_t value)
{
	uint8_t    *out = WriterRoom(writer, 8);

	value = LittleEndian64(value);
	memcpy(out, &value, 8);
	writer->length += 8;
}

static inline void
PutDouble(ByteWriter *writer, double value)
{
	PutUint64(writer, DoubleBits(value));
}

/* Return the 7-bit groups of the low 56 bits of a number, one in each byte. */
static inline uint64_t
SpreadGroups(uint64_t value)
{
	value = (value & UINT64_C(0x000000000FFFFFFF)) | (value & UINT64_C(0x00FFFFFFF0000000)) << 4;
	value = (value & UINT64_C(0x00003FFF00003FFF)) | (value & UINT64_C(0x0FFFC0000FFFC000)) << 2;
	return (value & UINT64_C(0x007F007F007F007F)) | (value & UINT64_C(0x3F803F803F803F80)) << 1;
}

/* Write a varint, without a branch for each group. */
static inline void
PutVarint(ByteWriter *writer, uint64_t value)
{
	uint8_t    *out = WriterRoom(writer, VARINT_MAX_LENGTH);
	uint64_t	bytes;
	int			more;

	if (value < 0x80)
	{
		*out = (uint8_t) value;
		writer->length++;
		return;
	}
	/* the number of groups after the first: every byte but the last has its high bit set */
	more = (63 - __builtin_clzll(value)) / 7;
	bytes = SpreadGroups(value) | (UINT64_C(0x8080808080808080) & ~(more < 8 ? UINT64_MAX << 8 * more : 0));
	bytes = LittleEndian64(bytes);
	memcpy(out, &bytes, 8);
	out[8] = (uint8_t) ((value >> 56 & 0x7F) | (more > 8 ? 0x80 : 0));
	out[9] = (uint8_t) (value >> 63);
	writer->length += (size_t) more + 1;
}

/* Start reading. */
extern void ReaderInit(ByteReader *reader, const void *data, size_t length);

/* Return a pointer to the next "length" bytes, and skip them; NULL if there are fewer. */
extern const uint8_t *GetBytes(ByteReader *reader, size_t length);

/* Return the next number.  A varint must be in its shortest form. */
extern uint8_t GetByte(ByteReader *reader);
extern uint32_t GetUint32(ByteReader *reader);
extern uint64_t GetUint64(ByteReader *reader);
extern double GetDouble(ByteReader *reader);
extern uint64_t GetVarint(ByteReader *reader);

/*
 * Return a copy of the next string, in the encoding of the program (memory.h), with a terminating zero.  A string
 * is malformed if it contains a zero or is longer than max_length.
 */
extern char *GetString(ByteReader *reader, size_t max_length);

/* Return the number of bytes that have not been read. */
static inline size_t
BytesLeft(const ByteReader *reader)
{
	return reader->length - reader->position;
}

#endif							/* NORMFREEZE_CORE_BYTES_H */
