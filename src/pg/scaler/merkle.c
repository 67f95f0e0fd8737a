/*
 * merkle.c
 *		Merkle trees: one digest over many members, and proofs of single members.
 */
#include "pg/scaler/merkle.h"

#include "core/base/bytes.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

static const uint8 leaf_prefix = 0;
static const uint8 node_prefix = 1;

void
MerkleLeaf(uint8 *leaf, const char *key, size_t key_length, const uint8 *fingerprint)
{
	uint8		length[VARINT_MAX_LENGTH];
	char	   *utf8 = pg_server_to_any(key, (int) key_length, PG_UTF8);
	size_t		utf8_length = utf8 == key ? key_length : strlen(utf8);
	DigestPart	parts[] = {
		{&leaf_prefix, 1},
		{length, EncodeVarint(length, utf8_length)},
		{utf8, utf8_length},
		{fingerprint, DIGEST_LENGTH},
	};

	DigestParts(leaf, parts, lengthof(parts));
	if (utf8 != key)
		pfree(utf8);
}

static void
MerkleNode(uint8 *node, const uint8 *left, const uint8 *right)
{
	DigestPart	parts[] = {
		{&node_prefix, 1},
		{left, DIGEST_LENGTH},
		{right, DIGEST_LENGTH},
	};

	DigestParts(node, parts, lengthof(parts));
}

void
MerkleBuild(MerkleTree *tree, uint8 *leaves, uint32 count)
{
	Assert(count > 0);
	tree->nlevels = 1;
	tree->count[0] = count;
	tree->level[0] = leaves;
	for (; count > 1; count = tree->count[tree->nlevels++])
	{
		const uint8 *below = tree->level[tree->nlevels - 1];
		uint32		pairs = count / 2;
		uint32		above = pairs + count % 2;
		uint8	   *level = MemoryContextAllocHuge(CurrentMemoryContext, (Size) above * DIGEST_LENGTH);

		for (uint32 i = 0; i < pairs; i++)
		{
			CHECK_FOR_INTERRUPTS();
			MerkleNode(level + (Size) i * DIGEST_LENGTH, below + (Size) 2 * i * DIGEST_LENGTH,
					   below + (Size) (2 * i + 1) * DIGEST_LENGTH);
		}
		if (above > pairs)
			memcpy(level + (Size) pairs * DIGEST_LENGTH, below + (Size) (count - 1) * DIGEST_LENGTH, DIGEST_LENGTH);
		tree->count[tree->nlevels] = above;
		tree->level[tree->nlevels] = level;
	}
}

const uint8 *
MerkleRoot(const MerkleTree *tree)
{
	return tree->level[tree->nlevels - 1];
}

size_t
MerklePath(const MerkleTree *tree, uint32 position, uint8 *path)
{
	size_t		length = 0;

	for (int i = 0; i < tree->nlevels - 1; i++, position /= 2)
	{
		uint32		sibling = position ^ 1;

		if (sibling >= tree->count[i])
			continue;
		memcpy(path + length, tree->level[i] + (Size) sibling * DIGEST_LENGTH, DIGEST_LENGTH);
		length += DIGEST_LENGTH;
	}
	return length;
}

bool
MerklePathLeadsTo(const uint8 *root, uint32 count, uint32 position, const uint8 *leaf,
				  const uint8 *path, size_t path_length)
{
	uint8		node[DIGEST_LENGTH];

	if (position >= count)
		return false;
	memcpy(node, leaf, DIGEST_LENGTH);
	for (; count > 1; count = count / 2 + count % 2, position /= 2)
	{
		if ((position ^ 1) >= count)
			continue;
		if (path_length < DIGEST_LENGTH)
			return false;
		if (position % 2 == 0)
			MerkleNode(node, node, path);
		else
			MerkleNode(node, path, node);
		path += DIGEST_LENGTH;
		path_length -= DIGEST_LENGTH;
	}
	return path_length == 0 && memcmp(node, root, DIGEST_LENGTH) == 0;
}
