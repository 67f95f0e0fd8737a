"""Rows of the registry that are read without a query are what the query would give, and read by whom it would let read."""

from common import Server, Session, check_equal, check_error, freeze, prepare, run, run_scenario, run_tests

# Whoever hooks into the permission check of queries is asked: then every look-up is a query.
HOOK = r"""
#include "postgres.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
PG_MODULE_MAGIC;
void _PG_init(void);
static char *refused = "";
static bool
Check(List *tables,
#if PG_VERSION_NUM >= 160000
	List *permissions,
#endif
	bool report)
{
	ListCell *cell;
	foreach(cell, tables)
	{
		RangeTblEntry *entry = lfirst(cell);
		if (entry->rtekind == RTE_RELATION && strcmp(get_rel_name(entry->relid), refused) == 0)
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("the hook refuses %s", refused)));
	}
	return true;
}
void
_PG_init(void)
{
	DefineCustomStringVariable("hook.refused", "A table.", NULL, &refused, "", PGC_USERSET, 0, NULL, NULL, NULL);
	ExecutorCheckPerms_hook = Check;
}
"""

REFS = ["churn", "churn@production", "churn@staging", "churn@v1", "churn@latest", "churn@none", "churn@v4", "churn@v2",
        "demoted", "demoted@v1", "retired", "retired@v1", "retired@staging", "none", "none@production"]


def make_hook(installation):
    source = installation.folder / "hook.c"
    module = installation.pkglibdir / "normfreeze_hook.so"
    source.write_text(HOOK)
    include = run([installation.program, "--includedir-server"], capture_output=True).stdout.strip()
    run(["gcc", "-w", "-fPIC", "-shared", f"-I{include}", "-o", module, source])
    return module


def scenario(installation):
    module = make_hook(installation)
    with Server(installation, "direct", {"log_min_messages": "fatal"}) as server:
        tests_of(server)
    module.unlink()


def tests_of(server):
    prepare(server)
    ids = [freeze(server, "churn", method) for method in ("standard", "minmax", "robust")]
    server.query("SELECT normfreeze.promote('churn', 1), normfreeze.promote('churn', 2), normfreeze.promote('churn', 1, 'staging', new_stage => true)")
    at_two = server.query("SELECT clock_timestamp()")
    server.query("""SELECT normfreeze.promote('churn', 3);
        SELECT normfreeze.freeze('demoted', normfreeze.scaler(normfreeze.scaler_id('churn@v1'))), normfreeze.promote('demoted', 1), normfreeze.demote('demoted', 'production');
        SELECT normfreeze.freeze('retired', normfreeze.scaler(normfreeze.scaler_id('churn@v2'))), normfreeze.promote('retired', 1),
            normfreeze.promote('retired', 1, 'staging'), normfreeze.retire('retired', 1);
        SELECT normfreeze.freeze('churn set', normfreeze.by_key(k, s))
          FROM (SELECT (id % 5)::text AS k, normfreeze.fit(c, 'standard', '{"columns": ["age", "income"]}') AS s FROM customers AS c GROUP BY 1) AS g;
        SELECT normfreeze.promote('churn set', 1);
        CREATE ROLE reader; GRANT SELECT ON customers, normfreeze.scalers, normfreeze.members TO reader;
        CREATE ROLE columns_reader; GRANT SELECT ON customers TO columns_reader;
        GRANT SELECT (scaler_id, fingerprint, scaler) ON normfreeze.scalers TO columns_reader""")
    one = "SELECT md5(normfreeze.normalize(t, %s)::text) FROM customers AS t WHERE id = 17"
    keyed = "SELECT md5(normfreeze.normalize_by_key(t, 'churn set', %s)::text) FROM customers AS t WHERE id = 17"
    statements = ([f"SELECT normfreeze.scaler_id('{ref}')" for ref in REFS] + [one % i for i in ids] + [one % "4711"] +
                  [keyed % key for key in ("'0'", "'4'", "'5'", "NULL::text")] +
                  [f"SELECT normfreeze.scaler_id('churn', 'production', '{at}')" for at in (at_two, "infinity", "-infinity", "2001-01-01")])

    def answers(options="", before=""):
        """Of all statements, each in a session that has looked up nothing yet."""
        found = []
        for statement in statements:
            with Session(server, options=options) as session:
                session.do(before)
                found.append(session.do(statement))
        return found

    expected = answers()

    def as_queries_find_them():
        """With a hook every look-up is a query."""
        check_equal(answers("-c session_preload_libraries=normfreeze_hook"), expected, "with queries")
        check_equal([expected[0], expected[2]], [ids[2], ids[0]], "what refs mean")
        check_equal(expected[len(statements) - 4], ids[1], "at a time")

    def hooks_are_asked():
        for table in ("scalers", "members", "versions", "stage_log"):
            with Session(server, options=f"-c session_preload_libraries=normfreeze_hook -c hook.refused={table}") as session:
                check_error(session.do(keyed % "'0'"), "42501", f"the hook refuses {table}")

    def privileges_of_columns():
        with Session(server) as session:
            session.query("SET ROLE columns_reader")
            check_equal(session.query(one % ids[1]), expected[len(REFS) + 1], "SELECT on columns is enough by id")
            check_error(session.do(one % "'churn'::text"), "42501", "but not by name")
        server.query("REVOKE SELECT (scaler) ON normfreeze.scalers FROM columns_reader")
        with Session(server) as session:
            session.query("SET ROLE columns_reader")
            check_error(session.do(one % ids[1]), "42501", "without a privilege")

    def schema_is_closed():
        server.query("CREATE FUNCTION apply(id bigint, t customers) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT md5(normfreeze.normalize(t, id)::text); END")
        by_function = f"SELECT apply({ids[0]}, t) FROM customers AS t WHERE id = 17"
        with Session(server) as session:
            session.query("SET ROLE reader")
            check_equal(session.query(by_function), expected[len(REFS)], "with USAGE on the schema")
        server.query("REVOKE USAGE ON SCHEMA normfreeze FROM PUBLIC")
        with Session(server) as session:
            session.query("SET ROLE reader")
            check_error(session.do(by_function), "42501", "without USAGE")
        server.query("GRANT USAGE ON SCHEMA normfreeze TO PUBLIC")

    def other_shapes_of_tables():
        """What a query would read through: another index, none, children, a rule; then as it was."""
        for name, change, back in (
                ("an index has another name", "ALTER INDEX normfreeze.stage_log_stage_idx RENAME TO elsewhere",
                 "ALTER INDEX normfreeze.elsewhere RENAME TO stage_log_stage_idx"),
                ("another index has its name", """ALTER INDEX normfreeze.stage_log_stage_idx RENAME TO elsewhere;
                     CREATE INDEX stage_log_stage_idx ON normfreeze.stage_log (stage, name, seq)""",
                 "DROP INDEX normfreeze.stage_log_stage_idx; ALTER INDEX normfreeze.elsewhere RENAME TO stage_log_stage_idx"),
                ("a partial one has", """ALTER INDEX normfreeze.stage_log_stage_idx RENAME TO elsewhere;
                     CREATE INDEX stage_log_stage_idx ON normfreeze.stage_log (name, stage, seq) WHERE version < 2""",
                 "DROP INDEX normfreeze.stage_log_stage_idx; ALTER INDEX normfreeze.elsewhere RENAME TO stage_log_stage_idx"),
                ("one of expressions has", """ALTER INDEX normfreeze.stage_log_stage_idx RENAME TO elsewhere;
                     CREATE INDEX stage_log_stage_idx ON normfreeze.stage_log (lower(name), stage, seq)""",
                 "DROP INDEX normfreeze.stage_log_stage_idx; ALTER INDEX normfreeze.elsewhere RENAME TO stage_log_stage_idx"),
                ("a view has", "ALTER INDEX normfreeze.stage_log_stage_idx RENAME TO elsewhere; CREATE VIEW normfreeze.stage_log_stage_idx AS SELECT 1 AS a",
                 "DROP VIEW normfreeze.stage_log_stage_idx; ALTER INDEX normfreeze.elsewhere RENAME TO stage_log_stage_idx"),
                ("a child", "CREATE TABLE child () INHERITS (normfreeze.versions)", "DROP TABLE child"),
                ("a rule", "CREATE RULE nothing AS ON UPDATE TO normfreeze.scalers DO INSTEAD NOTHING", "DROP RULE nothing ON normfreeze.scalers")):
            server.query(change)
            check_equal(answers(), expected, name)
            server.query(back)
            server.query("VACUUM")      # or the table would be taken to have rules and children for ever
        check_equal(answers(), expected, "as it was")

    def rows_of_children():
        server.query("""CREATE TABLE child () INHERITS (normfreeze.versions);
            INSERT INTO child SELECT 'churn', 4, %s, frozen_at, frozen_by, frozen_session_user, note, metadata, row_count, server_version, extension_version, origin, evidence
                FROM normfreeze.versions WHERE name = 'churn' AND version = 1;
            SELECT normfreeze.promote('churn', 4, 'staging')""" % ids[1])
        check_equal(server.query("SELECT normfreeze.scaler_id('churn@staging')"), ids[1], "a row of a child")
        server.query(f"""SELECT normfreeze.promote('churn', 1, 'staging'); DROP TABLE child;
            CREATE TABLE child () INHERITS (normfreeze.scalers);
            ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
            WITH gone AS (DELETE FROM ONLY normfreeze.scalers WHERE scaler_id = {ids[0]} RETURNING *) INSERT INTO child SELECT * FROM gone""")
        check_equal(server.query(one % ids[0]), expected[len(REFS)], "a scaler in a child")
        server.query("""INSERT INTO normfreeze.scalers SELECT * FROM child; DROP TABLE child;
            ALTER TABLE normfreeze.scalers ENABLE ALWAYS TRIGGER refuse_change, ENABLE ALWAYS TRIGGER refuse_truncate""")
        check_equal(answers(), expected, "as it was")

    def an_index_made_after_the_snapshot():
        """A row that the snapshot still sees in its old place is not in an index that was made later."""
        with Session(server) as old:
            old.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
            server.query("REINDEX TABLE normfreeze.scalers; REINDEX TABLE normfreeze.stage_log; REINDEX TABLE normfreeze.versions")
            check_equal(old.query("SELECT normfreeze.scaler_id('churn')"), ids[2], "by an old snapshot")

    def damage_is_said():
        server.query("ALTER TABLE normfreeze.scalers ALTER COLUMN fingerprint DROP NOT NULL, DROP CONSTRAINT scalers_content, DISABLE TRIGGER ALL")
        with Session(server) as session:
            session.query(f"BEGIN; UPDATE normfreeze.scalers SET fingerprint = NULL WHERE scaler_id = {ids[0]}")
            check_error(session.do(one % ids[0]), "XX001", "a fingerprint that is NULL")

    run_tests([as_queries_find_them, hooks_are_asked, privileges_of_columns, schema_is_closed, rows_of_children, other_shapes_of_tables,
               an_index_made_after_the_snapshot, damage_is_said])


if __name__ == "__main__":
    run_scenario(scenario)
