#!/usr/bin/env python3
"""repair(): guards and privileges are put back as the extension was installed, for whom it belongs to."""

from common import Server, check, check_equal, check_error, check_in, errors_of, failed_checks, freeze, prepare, run_scenario, run_tests
from privileges import QUERIES

REPAIR = "SELECT problem, repaired, detail FROM normfreeze.repair()"

# what a restore with --disable-triggers, or an owner by hand, leaves behind
DAMAGE = [
    ("ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL; ALTER TABLE normfreeze.profiles ENABLE TRIGGER ALL", "profiles.refuse_change", "profiles.refuse_truncate"),
    ("ALTER TABLE normfreeze.scalers DISABLE TRIGGER refuse_change", "scalers.refuse_change"),
    ("DROP TRIGGER refuse_truncate ON normfreeze.versions", "versions.refuse_truncate"),
    ("""DROP TRIGGER refuse_change ON normfreeze.versions; CREATE TRIGGER refuse_change BEFORE DELETE ON normfreeze.versions FOR EACH ROW WHEN (OLD.version < 0)
        EXECUTE FUNCTION normfreeze.refuse_change(); ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change""", "versions.refuse_change"),
    ("ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content; ALTER TABLE normfreeze.scalers ADD CONSTRAINT scalers_content "
     "CHECK (normfreeze.is_content(scaler_id, fingerprint, scaler)) NOT VALID", "scalers.scalers_content"),
    ("ALTER TABLE normfreeze.profiles DROP CONSTRAINT profiles_content", "profiles.profiles_content"),
    ("ALTER TABLE normfreeze.stage_log DROP CONSTRAINT stage_log_seq, ADD CONSTRAINT stage_log_seq CHECK (seq > -5)", "stage_log.stage_log_seq"),
    ("ALTER TABLE normfreeze.use_log DROP CONSTRAINT use_log_pkey", "use_log.use_log_pkey"),
    ("CREATE RULE \"quiet one\" AS ON INSERT TO normfreeze.members DO INSTEAD NOTHING; CREATE RULE two AS ON DELETE TO normfreeze.members DO INSTEAD NOTHING",
     "members without rules"),
    ("ALTER TABLE normfreeze.drift_log FORCE ROW LEVEL SECURITY", "drift_log without forced row security"),
    ("ALTER EVENT TRIGGER normfreeze_refuse_removal DISABLE", "event trigger normfreeze_refuse_removal"),
]

# what is too much; each with what repair() says
TOO_MUCH = [
    ("GRANT EXECUTE ON FUNCTION normfreeze.freeze TO PUBLIC", "PUBLIC has EXECUTE on normfreeze.\"freeze\"("),
    ("GRANT ALL ON normfreeze.scalers TO \"a reader\"", "\"a reader\" has TRIGGER on normfreeze.scalers"),
    ("GRANT UPDATE (note) ON normfreeze.versions TO PUBLIC", "PUBLIC has UPDATE (note) on normfreeze.versions"),
    ("GRANT CREATE ON SCHEMA normfreeze TO \"a reader\"", "\"a reader\" has CREATE on normfreeze"),
    ("ALTER TABLE normfreeze.members OWNER TO \"a reader\"", "normfreeze.members is owned by \"a reader\", and the other tables by postgres"),
]


def scenario(installation):
    with Server(installation, "repair") as server:
        server.query("CREATE ROLE installer LOGIN; CREATE ROLE heir LOGIN; CREATE ROLE stranger LOGIN; CREATE ROLE \"a reader\"; CREATE ROLE boss LOGIN SUPERUSER")
        for owner in ("installer", "boss"):
            template = server.new_database(f"of_{owner}")
            server.query(f"GRANT CREATE ON DATABASE {template} TO installer; GRANT CREATE ON SCHEMA public TO PUBLIC", template)
            prepare(server, database=template, user=owner)
            freeze(server, "churn", database=template, user=owner)

        def copy(name, owner="installer"):
            return server.new_database(name, template=f"of_{owner}")

        def snapshot(database):
            return server.query(QUERIES, database).replace("(heir)", "(installer)")

        def nothing_to_do():
            for owner in ("installer", "boss"):
                check_equal(server.query(REPAIR, f"of_{owner}", owner), "", f"{owner}: nothing to repair")
                check_equal(failed_checks(server, f"of_{owner}", owner), "", f"{owner}: verify() finds nothing")
            check_equal(server.query("""SELECT detail FROM normfreeze.verify() WHERE "check" = 'privileges'""", "of_installer"),
                        "the owner of the extension has what it grants, and nobody has more", "verify() has looked")

        def guards_are_put_back():
            database = copy("damaged")
            before = snapshot(database)
            names = sorted(name for _, *guards in DAMAGE for name in guards)
            for damage, *_ in DAMAGE:
                server.query(damage, database)
            check_equal(failed_checks(server, database), "guards: not in force: " + ", ".join(names), "verify() sees all of it")
            dry = server.query("SELECT problem, repaired FROM normfreeze.repair(dry_run => true)", database, "installer").splitlines()
            check_equal(dry, [f"{name} is not in force|f" for name in names], "a dry run says what it would do")
            check_equal(len(failed_checks(server, database).split(",")), len(names), "and does nothing")
            repaired = server.query(REPAIR, database, "installer").splitlines()
            check_equal([line.rsplit("|", 1)[0] for line in repaired], [f"{name} is not in force|t" for name in names], "all of it is repaired")
            check_in("scalers.scalers_content is not in force|t|ALTER TABLE normfreeze.scalers VALIDATE CONSTRAINT scalers_content", "\n".join(repaired), "how")
            check_equal(failed_checks(server, database), "", "verify() finds nothing any more")
            check_equal(snapshot(database), before, "as it was installed")
            check_equal(server.query(REPAIR, database, "installer"), "", "a second time there is nothing to do")
            check_error(errors_of(server, "DELETE FROM normfreeze.versions", database), "55000", "the guards guard")

        def the_event_trigger_is_made_anew():
            database = copy("without")
            server.query("ALTER EXTENSION normfreeze DROP EVENT TRIGGER normfreeze_refuse_removal; DROP EVENT TRIGGER normfreeze_refuse_removal", database)
            check_in("|t|CREATE EVENT TRIGGER", server.query(REPAIR, database, "installer"), "it is made, by the owner of the registry")
            check_equal(failed_checks(server, database), "", "verify()")
            check_error(errors_of(server, "DROP EXTENSION normfreeze", database, "installer"), "2BP01", "it refuses")

        def after_a_restore_with_triggers_disabled():
            database = copy("restored", "boss")
            dump = server.program("pg_dump", "--data-only", "--disable-triggers", "-t", "normfreeze.*", "-d", database).stdout
            server.new_database("target")
            server.query("CREATE EXTENSION normfreeze", "target", "boss")
            server.query(dump, "target")
            check_in("not in force: ", failed_checks(server, "target"), "verify() sees it")
            check_equal(server.query("SELECT count(*) > 10, bool_and(repaired) FROM normfreeze.repair()", "target"), "t|t", "repaired")
            check_equal(failed_checks(server, "target"), "", "verify() finds nothing any more")

        def another_owner():
            for owner in ("installer", "boss"):
                database = copy("inherited", owner)
                server.query("GRANT SELECT ON normfreeze.scalers, normfreeze.versions TO \"a reader\"", database, owner)
                before = snapshot(database)
                server.query(f"REASSIGN OWNED BY {owner} TO heir", database)
                if owner == "installer":
                    check_error(errors_of(server, "SELECT count(*) FROM normfreeze.scalers", database, "heir"), "42501", "the new owner has no rights")
                    check_in("heir lacks ", failed_checks(server, database), "verify() says it")
                    check(server.query("SELECT count(*) > 20 FROM normfreeze.repair() WHERE repaired", database, "heir") == "t", "the new owner repairs it")
                    # what the former owner was granted is the former owner's, until it is revoked
                    server.query("""SELECT format('REVOKE ALL ON %s %s FROM installer CASCADE', CASE relkind WHEN 'r' THEN 'TABLE' ELSE 'TABLE' END, oid::regclass)
                        FROM pg_class WHERE relnamespace = 'normfreeze'::regnamespace AND relkind IN ('r', 'v')
                        UNION ALL SELECT format('REVOKE ALL ON FUNCTION %s FROM installer', oid::regprocedure) FROM pg_proc
                        WHERE pronamespace = 'normfreeze'::regnamespace \\gexec""", database)
                    server.query("GRANT SELECT ON normfreeze.scalers, normfreeze.versions TO \"a reader\"", database, "heir")
                    check_equal(snapshot(database), before, "privileges are those of the former owner")
                check_equal(server.query(REPAIR, database, "heir"), "", f"{owner}: nothing is left to repair")
                check_equal(failed_checks(server, database, "heir"), "", f"{owner}: verify() as the new owner")
                server.query("""SELECT normfreeze.freeze('mine', normfreeze.fit(c, 'minmax', '{"columns": ["age"]}')) FROM customers AS c;
                    SELECT normfreeze.promote('mine', 1); SELECT normfreeze.register_use('mine', 'a', 'b');
                    SELECT normfreeze.record_drift('mine', normfreeze.profile(c)) FROM (SELECT age FROM customers) AS c;
                    SELECT normfreeze.purge_profile(normfreeze.scaler_id('mine'), 'x'); SELECT normfreeze.retire('mine', 1);
                    GRANT EXECUTE ON FUNCTION normfreeze.freeze TO "a reader"; GRANT SELECT ON normfreeze.scalers TO "a reader"
                    """.replace("FROM customers", "FROM public.customers"), database, "heir")

        def too_much_is_taken_back():
            database = copy("generous")
            before = snapshot(database)
            for sql, fault in TOO_MUCH:
                server.query(sql, database)
                check_in(fault, server.query("SELECT fault FROM normfreeze.privilege_faults", database), sql)
            check_in("privileges: ", failed_checks(server, database), "verify() says it")
            check_equal(server.query("SELECT bool_and(repaired) FROM normfreeze.repair()", database, "postgres"), "t", "repaired")
            server.query("REVOKE ALL ON normfreeze.scalers FROM \"a reader\"", database)
            check_equal(snapshot(database), before, "as it was installed")
            server.query("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA normfreeze TO \"a reader\"; GRANT EXECUTE ON FUNCTION normfreeze.freeze TO \"a reader\"",
                         database, "installer")
            check_equal(server.query(REPAIR, database, "installer"), "", "what the owner hands out to roles is no fault")

        def what_cannot_be_repaired_is_said():
            database = copy("broken")
            server.query("""ALTER TABLE normfreeze.versions DROP CONSTRAINT versions_version; ALTER TABLE normfreeze.profiles DISABLE TRIGGER refuse_change;
                INSERT INTO normfreeze.versions SELECT name, -1, 0, frozen_at, frozen_by, frozen_session_user, note, metadata, row_count, server_version,
                extension_version, origin, evidence FROM normfreeze.versions""", database)
            output = server.query("SELECT problem, repaired, detail FROM normfreeze.repair()", database, "installer")
            check_in('versions.versions_version is not in force|f|check constraint "versions_version" of relation "versions" is violated by some row', output, "why")
            check_in("profiles.refuse_change is not in force|t|", output, "the rest is repaired")

        def only_the_owner():
            database = copy("others")
            for argument in ("", "true"):
                check_error(errors_of(server, f"SELECT normfreeze.repair({argument})", database, "stranger"), "42501", "a stranger")
            check_error(errors_of(server, "BEGIN READ ONLY; SELECT normfreeze.repair()", database), "25006", "a read-only transaction")
            server.query("BEGIN READ ONLY; SELECT normfreeze.repair(true)", database)
            # what a search_path of the caller's has is not run by the owner of the registry
            server.query("ALTER TABLE normfreeze.stage_log DROP CONSTRAINT stage_log_seq", database)
            server.query("""CREATE SCHEMA trap; CREATE FUNCTION trap.larger(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
                CREATE OPERATOR trap.> (LEFTARG = int, RIGHTARG = int, FUNCTION = trap.larger);
                CREATE FUNCTION trap.format(text, VARIADIC "any") RETURNS text LANGUAGE internal AS 'text_format';
                SET search_path = trap, pg_catalog; CREATE TEMP TABLE pg_class (relname text); SELECT * FROM normfreeze.repair()""", database)
            check_equal(failed_checks(server, database), "", "put back in spite of a hostile search_path")

        run_tests([nothing_to_do, guards_are_put_back, the_event_trigger_is_made_anew, after_a_restore_with_triggers_disabled, another_owner,
                   too_much_is_taken_back, what_cannot_be_repaired_is_said, only_the_owner])


if __name__ == "__main__":
    run_scenario(scenario)
