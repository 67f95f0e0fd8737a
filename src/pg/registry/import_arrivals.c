/*
 * import_arrivals.c
 *		The function import_name(): reading the exported versions, and checking that they are
 *		complete.
 */
#include "pg/registry/import_name.h"

#include "miscadmin.h"
#include "pg/registry/export_json.h"

void
ReadExports(NameImport *import, Jsonb *exported)
{
	bool		array = JB_ROOT_IS_ARRAY(exported) && !JB_ROOT_IS_SCALAR(exported);

	if (!array && !JB_ROOT_IS_OBJECT(exported))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an exported version, or an array of them, is expected"),
				 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
	import->count = array ? JsonContainerSize(&exported->root) : 1;
	if (import->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("there are no versions to import"),
				 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
	import->arrivals = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Arrival) * (Size) import->count);
	for (int i = 0; i < import->count; i++)
	{
		Jsonb	   *one = exported;

		CHECK_FOR_INTERRUPTS();
		if (array)
		{
			one = JsonbValueToJsonb(getIthJsonbValueFromContainer(&exported->root, i));
			if (!JB_ROOT_IS_OBJECT(one))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("element %d of the array is not an exported version", i + 1),
						 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
		}
		import->arrivals[i] = (Arrival) {0};
		ReadExportedVersion(&import->arrivals[i].exported, one);
		if (array)
			pfree(one);
	}
}

static int
CompareArrivals(const void *a, const void *b)
{
	int32		left = ((const Arrival *) a)->exported.row.version;
	int32		right = ((const Arrival *) b)->exported.row.version;

	return (left > right) - (left < right);
}

static int
CompareIds(const void *a, const void *b)
{
	int64		left = (*(Arrival *const *) a)->exported.row.scaler_id;
	int64		right = (*(Arrival *const *) b)->exported.row.scaler_id;

	return (left > right) - (left < right);
}

static int
CompareSeqs(const void *a, const void *b)
{
	int32		left = ((const LogArrival *) a)->entry->seq;
	int32		right = ((const LogArrival *) b)->entry->seq;

	return (left > right) - (left < right);
}

static bool
SameOrigin(const ExportedVersion *a, const ExportedVersion *b)
{
	return strcmp(a->name, b->name) == 0 &&
		strcmp(a->source.system_identifier, b->source.system_identifier) == 0 &&
		strcmp(a->source.database, b->source.database) == 0;
}

pg_noreturn static void
InvalidExports(char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("these are not the versions of one export: %s", problem),
			 errhint("Import one export of one name in one call.")));
}

/* Fail if two versions of the name have the same content, which freeze() does not allow. */
static void
CheckContentsDiffer(NameImport *import)
{
	Arrival   **by_id = import->by_id;

	for (int i = 0; i < import->count; i++)
		by_id[i] = &import->arrivals[i];
	qsort(by_id, import->count, sizeof(Arrival *), CompareIds);
	for (int i = 1; i < import->count; i++)
		if (by_id[i]->exported.row.scaler_id == by_id[i - 1]->exported.row.scaler_id)
			InvalidExports(psprintf("scaler " INT64_FORMAT " is there as version %d and as version %d",
									by_id[i]->exported.row.scaler_id, by_id[i - 1]->exported.row.version,
									by_id[i]->exported.row.version));
}

static void
CollectEntries(NameImport *import)
{
	Size		total = 0;

	for (int i = 0; i < import->count; i++)
		total += import->arrivals[i].exported.nentries;
	if (total > PG_INT32_MAX)
		InvalidExports("there are too many entries of the stage log");
	import->entries = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(LogArrival) * (total + 1));
	for (int i = 0; i < import->count; i++)
		for (int e = 0; e < import->arrivals[i].exported.nentries; e++)
			import->entries[import->nentries++] =
				(LogArrival) {&import->arrivals[i], &import->arrivals[i].exported.entries[e]};
	qsort(import->entries, import->nentries, sizeof(LogArrival), CompareSeqs);
	for (int i = 1; i < import->nentries; i++)
		if (import->entries[i].entry->seq == import->entries[i - 1].entry->seq)
			InvalidExports(psprintf("entry %d of the stage log is there twice", import->entries[i].entry->seq));
}

void
ArrangeExports(NameImport *import)
{
	const ExportedVersion *first = &import->arrivals[0].exported;

	qsort(import->arrivals, import->count, sizeof(Arrival), CompareArrivals);
	for (int i = 1; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->arrivals[i].exported;

		if (!SameOrigin(first, exported))
			InvalidExports(psprintf("\"%s\" of database \"%s\" and \"%s\" of database \"%s\"",
									first->name, first->source.database, exported->name, exported->source.database));
		if (exported->row.version == import->arrivals[i - 1].exported.row.version)
			InvalidExports(psprintf("version %d is there twice", exported->row.version));
	}
	import->by_id = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Arrival *) * (Size) import->count);
	CheckContentsDiffer(import);
	CollectEntries(import);
}

pg_noreturn static void
ExportIsPart(const ExportedVersion *exported, char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the export of scaler \"%s\" is not whole: %s", exported->name, problem),
			 errhint("A mirror and stages take all that normfreeze.export_name() gave in one call: jsonb_agg() of it.")));
}

/*
 * Fail unless the stage log is complete: applied in parts, version by version, it would put stages
 * into states that they never had.
 */
void
CheckExportIsWhole(const NameImport *import)
{
	for (int i = 0; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->arrivals[i].exported;

		if (exported->versions != import->count || exported->row.version != i + 1)
			ExportIsPart(exported, psprintf("%d of its %d versions are given", import->count, exported->versions));
		if (exported->log_length != import->nentries)
			ExportIsPart(exported, psprintf("%d of the %d entries of its stage log are given", import->nentries,
											exported->log_length));
	}
	for (int i = 0; i < import->nentries; i++)
		if (import->entries[i].entry->seq != i + 1)
			ExportIsPart(&import->arrivals[0].exported, psprintf("entry %d of its stage log is missing", i + 1));
}
