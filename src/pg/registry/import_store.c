/*
 * import_store.c
 *		The function import_name(): what both appending and mirroring write.
 */
#include "pg/registry/import_name.h"

#include "miscadmin.h"
#include "pg/registry/evidence_locks.h"
#include "pg/registry/export_json.h"
#include "pg/registry/freeze.h"
#include "pg/registry/members.h"
#include "pg/registry/stage_access.h"
#include "pg/registry/write_checks.h"

/*
 * See import_name.h.  Scalers (members included) come before sets, each in an order that all imports and
 * freezes keep, so that these cannot deadlock.
 */
void
StoreNewContents(const NameImport *import)
{
	ContentList contents = {0};
	ScalerView	view;
	int64		ignored;

	for (int i = 0; i < import->count; i++)
	{
		if (!import->arrivals[i].is_new)
			continue;
		ViewScalerDatum(&view, PointerGetDatum(import->arrivals[i].exported.scaler));
		AddContents(&contents, &view);
	}
	RelyOnEvidenceOf(&contents);
	StoreContents(&contents, KEEP_WHAT_IS_THERE, &ignored);
	for (int i = 0; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->by_id[i]->exported;

		CHECK_FOR_INTERRUPTS();
		if (!import->by_id[i]->is_new)
			continue;
		ViewScalerDatum(&view, PointerGetDatum(exported->scaler));
		if (ViewIsSet(&view))
			StoreSet(exported->row.scaler_id, exported->fingerprint, &view);
	}
}

bool
ArrivalHasEvidence(const Arrival *arrival)
{
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(arrival->exported.scaler));
	return EvidenceIsStored(arrival->exported.row.scaler_id, &view);
}

/*
 * See import_name.h.  An imported entry takes effect here, so it needs the same permission as promote(),
 * rollback(), demote() and retire().
 */
void
WriteEntry(const NameImport *import, LogArrival *log, StageEntry *entry)
{
	if (entry->stage == NULL)
		CheckMayRetire(import->name, entry->version);
	else
	{
		CheckStageName(entry->stage);
		CheckMayChangeStage(entry->stage);
		if (FindStageAction(entry->action)->enters)
			CheckIsSecondPerson(import->name, entry->version);
	}
	InsertStageEntry(import->name, entry);
	log->arrival->nentries++;
}
