/*
 * bytes.c
 *		Reading and writing little-endian numbers, with every bound checked.
 */
#include "core/base/bytes.h"

#include "core/base/memory.h"

size_t
VarintLength(uint64_t value)
{
	size_t		length = 1;

	for (; value >= 0x80; value >>= 7)
		length++;
	return length;
}

size_t
EncodeVarint(uint8_t *out, uint64_t value)
{
	uint8_t    *end = out;

	for (; value >= 0x80; value >>= 7)
		*end++ = (uint8_t) (value | 0x80);
	*end++ = (uint8_t) value;
	return (size_t) (end - out);
}

void
WriterInit(ByteWriter *writer, size_t capacity)
{
	writer->capacity = capacity < 64 ? 64 : capacity;
	writer->data = CoreAlloc(writer->capacity);
	writer->length = 0;
}

void
WriterGrow(ByteWriter *writer, size_t length)
{
	while (length > writer->capacity - writer->length)
		writer->capacity *= 2;
	writer->data = CoreRealloc(writer->data, writer->capacity);
}

void
PutString(ByteWriter *writer, const char *string)
{
	const char *text = CoreTextToUtf8(string);
	size_t		length = strlen(text);

	PutVarint(writer, length);
	PutBytes(writer, text, length);
}

void
ReaderInit(ByteReader *reader, const void *data, size_t length)
{
	reader->data = data;
	reader->length = length;
	reader->position = 0;
	reader->failed = false;
}

const uint8_t *
GetBytes(ByteReader *reader, size_t length)
{
	const uint8_t *bytes = reader->data + reader->position;

	if (reader->failed || length > BytesLeft(reader))
	{
		reader->failed = true;
		return NULL;
	}
	reader->position += length;
	return bytes;
}

uint8_t
GetByte(ByteReader *reader)
{
	const uint8_t *bytes = GetBytes(reader, 1);

	return bytes ? bytes[0] : 0;
}

static uint64_t
GetLittleEndian(ByteReader *reader, int width)
{
	const uint8_t *bytes = GetBytes(reader, width);
	uint64_t	value = 0;

	for (int i = 0; bytes && i < width; i++)
		value |= (uint64_t) bytes[i] << (8 * i);
	return value;
}

uint32_t
GetUint32(ByteReader *reader)
{
	return (uint32_t) GetLittleEndian(reader, 4);
}

uint64_t
GetUint64(ByteReader *reader)
{
	return GetLittleEndian(reader, 8);
}

double
GetDouble(ByteReader *reader)
{
	return BitsDouble(GetUint64(reader));
}

uint64_t
GetVarint(ByteReader *reader)
{
	uint64_t	value = 0;

	for (int shift = 0; shift < 64; shift += 7)
	{
		uint8_t		byte = GetByte(reader);

		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t) (byte & 0x7F) << shift;
		if ((byte & 0x80) == 0)
		{
			if (byte == 0 && shift > 0)
				break;			/* a longer form than needed is malformed */
			return value;
		}
	}
	reader->failed = true;
	return 0;
}

char *
GetString(ByteReader *reader, size_t max_length)
{
	uint64_t	length = GetVarint(reader);
	const uint8_t *bytes;
	char	   *string;

	if (length > max_length)
		reader->failed = true;
	bytes = GetBytes(reader, reader->failed ? 0 : (size_t) length);
	if (bytes == NULL || memchr(bytes, 0, length) != NULL)
	{
		reader->failed = true;
		length = 0;
	}
	string = CoreAlloc(length + 1);
	if (length > 0)
		memcpy(string, bytes, length);
	string[length] = '\0';
	return CoreTextFromUtf8(string);
}
