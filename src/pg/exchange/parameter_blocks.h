/*
 * parameter_blocks.h
 *		Parameters as they lie in files, brought into one form: a list of blocks, each of which has a value for each of
 *		its statistics.
 *
 * A block is one feature, or a group of features whose values are arrays.
 */
#ifndef NORMFREEZE_PARAMETER_BLOCKS_H
#define NORMFREEZE_PARAMETER_BLOCKS_H

#include "pg/base/names.h"
#include "pg/exchange/import.h"
#include "pg/exchange/parameter_shapes.h"

/* What the caller says of the keys. */
typedef struct ParameterWords
{
	NameList	ignore;			/* keys that mean nothing; "*" in one stands for any text */
	bool		ignores_rest;	/* any key without a meaning may be there */
	const char *names_key;		/* the key of the names; NULL for the usual ones */
	const char *key[NROLES];	/* by role: the key that has it here, or NULL */
	ParameterShape shape;		/* SHAPE_NONE if it is not said */
} ParameterWords;

typedef struct ParameterBlock
{
	const char *name;			/* NULL if the block has none */
	const JsonNode *value[NROLES];
	const char *key[NROLES];	/* the key of each value, for errors */
	const JsonNode *list[NROLES];	/* the value as a list of numbers; NULL if it is one number for all features */
	int			length;			/* number of features */
	const char *length_key;		/* the key of the list that tells it; NULL without lists */
} ParameterBlock;

typedef struct ParameterBlocks
{
	int			count;
	ParameterBlock *blocks;
	const JsonNode *names;		/* a list of names that stands beside the statistics, or NULL */
} ParameterBlocks;

/* Find the blocks of a JSON value.  Fails for a key that means nothing, and for an arrangement that is not known. */
extern void ReadParameterBlocks(Import *import, const ParameterWords *words, const JsonNode *root,
								ParameterBlocks *blocks);

/* Find the lists of a block, and its length.  Fails if they differ in length, or have several dimensions. */
extern void MeasureBlock(const Import *import, ParameterBlock *block);

/* Return the value of a statistic for feature i of a block; NULL if there is none. */
extern const JsonNode *BlockValue(const ParameterBlock *block, ParameterRole role, int i);

#endif							/* NORMFREEZE_PARAMETER_BLOCKS_H */
