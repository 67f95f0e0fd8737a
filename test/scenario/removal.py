#!/usr/bin/env python3
"""Nothing that was frozen is lost by a DROP that does not mean it."""

import os
import re
import subprocess
import tempfile

from common import (Server, Session, check, check_equal, check_error, check_in, errors_of, failed_checks, freeze, prepare, registry,
                    run_scenario, run_tests, wait_until)
from server import ROOT

CONTENT = "SELECT (s.*)::text, (p.*)::text, (v.name, v.version, v.scaler_id) FROM normfreeze.scalers AS s, normfreeze.profiles AS p, normfreeze.versions AS v"
REFUSED = 'cannot drop extension "normfreeze" because what was frozen in this database would be lost'


def scenario(installation):
    with Server(installation, "removal") as server:
        server.query("CREATE ROLE owner LOGIN; CREATE ROLE reader LOGIN; CREATE ROLE stranger LOGIN; CREATE ROLE heir LOGIN")

        for user in ("postgres", "owner"):
            template = server.new_database(f"of_{user}")
            server.query("GRANT CREATE ON DATABASE " + template + " TO owner; GRANT CREATE ON SCHEMA public TO PUBLIC", template)
            prepare(server, database=template, user=user)
            freeze(server, "churn", database=template, user=user)
            frozen = server.query(CONTENT, template)

        def filled(name, user="postgres"):
            """A database whose extension belongs to the user, with a frozen scaler."""
            return server.new_database(name, template=f"of_{user}")

        def is_refused(sql, database, user="postgres", label=None):
            output = errors_of(server, sql, database, user)
            label = f"{label or sql} as {user}"
            check_error(output, "2BP01", label)
            check_in(REFUSED, output, label)
            check_in("Rows by table: scalers (1), profiles (1), versions (1).", output, f"{label}: what is at stake")
            check_equal(server.query(CONTENT, database), frozen, f"{label}: nothing is lost")

        def goes(sql, database, user="postgres"):
            result = server.psql(sql, database, user)
            check_equal(server.query("SELECT count(*) FROM pg_extension WHERE extname = 'normfreeze' UNION ALL SELECT count(*) FROM pg_event_trigger",
                                     database), "0\n0", f"{sql} as {user}: nothing is left")
            return result.stderr

        def an_empty_registry_goes():
            for user, sql in (("postgres", "DROP EXTENSION normfreeze"), ("owner", "DROP EXTENSION IF EXISTS normfreeze RESTRICT"),
                              ("owner", "DROP OWNED BY owner")):
                database = server.new_database("empty")
                server.query(f"GRANT CREATE ON DATABASE {database} TO owner", database)
                server.query("CREATE EXTENSION normfreeze", database, user)
                check("frozen" not in goes(sql, database, user), f"{sql}: nothing to say")

        def what_was_frozen_stays():
            database = filled("superusers")
            for sql in ("DROP EXTENSION normfreeze", "DROP EXTENSION IF EXISTS nothing, normfreeze",
                        "DO $$ BEGIN DROP EXTENSION normfreeze; END $$", "DO $$ BEGIN EXECUTE 'DROP EXTENSION normfreeze RESTRICT'; END $$",
                        "SET session_replication_role = replica; DROP EXTENSION normfreeze",
                        "SELECT normfreeze.methods(); DROP EXTENSION normfreeze", "SET normfreeze.allow_removal = off; DROP EXTENSION normfreeze"):
                is_refused(sql, database)
            check_in("because extension normfreeze requires it", errors_of(server, "DROP SCHEMA normfreeze CASCADE", database), "DROP SCHEMA")
            check_in("because extension normfreeze requires it", errors_of(server, "DROP EVENT TRIGGER normfreeze_refuse_removal", database),
                     "DROP EVENT TRIGGER")
            server.query("CREATE EXTENSION pg_trgm; DROP EXTENSION pg_trgm" if "pg_trgm" in server.query(
                "SELECT name FROM pg_available_extensions", database) else "SELECT", database)
            server.query("DROP EXTENSION IF EXISTS nothing; DROP OWNED BY reader, stranger", database)
            check_equal(failed_checks(server, database=database), "", "verify()")
            server.query("ALTER EVENT TRIGGER normfreeze_refuse_removal ENABLE", database)
            check_equal(failed_checks(server, database=database), "guards: not in force: event trigger normfreeze_refuse_removal", "verify() sees it")

        def a_trusted_installation_is_its_owners():
            database = filled("trusted", "owner")
            server.query("GRANT SELECT ON normfreeze.scalers TO reader", database, "owner")
            for user in ("owner", "postgres"):
                is_refused("DROP EXTENSION normfreeze", database, user)
                is_refused("DROP OWNED BY owner", database, user)
                is_refused("DROP OWNED BY reader, owner RESTRICT", database, "postgres")
            is_refused("DROP OWNED BY CURRENT_USER", database, "owner")
            server.query("DROP OWNED BY reader", database)

        def strangers_learn_nothing():
            database = filled("strangers", "owner")
            for sql, state in (("DROP EXTENSION normfreeze", "42501"), ("DROP OWNED BY owner", "42501"), ("DROP EXTENSION normfreeze CASCADE", "42501")):
                output = errors_of(server, sql, database, "stranger")
                check_error(output, state, f"{sql} as a stranger")
                check(REFUSED not in output and "Rows by table" not in output, f"{sql}: a stranger is told nothing", output)
            # nor do they lock anything
            with Session(server, database, "owner") as session:
                session.query("BEGIN; SELECT count(*) FROM normfreeze.scalers")
                check_error(errors_of(server, "SET lock_timeout = '1s'; DROP EXTENSION normfreeze", database, "stranger"), "42501", "without waiting")
                session.query("ROLLBACK")

        def who_means_it_goes_on():
            database = filled("meant")
            warning = goes("DROP EXTENSION normfreeze CASCADE", database)
            check_in('everything that was frozen in this database is dropped with extension "normfreeze"', warning, "CASCADE says so")
            check_in("scalers (1), profiles (1), versions (1)", warning, "and what")
            for sql, user in (("SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze", "postgres"),
                              ("SELECT normfreeze.methods() IS NULL; SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze", "owner"),
                              ("SET normfreeze.allow_removal = on; DROP OWNED BY owner", "owner"), ("DROP OWNED BY owner CASCADE", "postgres")):
                goes(sql, filled("meant", "owner"), user)
            database = filled("meant")
            server.query("BEGIN; DROP EXTENSION normfreeze CASCADE; ROLLBACK", database)
            is_refused("DROP EXTENSION normfreeze", database, label="after a ROLLBACK")
            server.query("DROP DATABASE meant")

        def a_freeze_in_progress_counts():
            database = server.new_database("progress")
            prepare(server, database=database)
            with Session(server, database) as freezing, Session(server, database) as dropping:
                freezing.query("BEGIN; SELECT normfreeze.freeze('churn', normfreeze.fit(c, 'standard', '{\"columns\": [\"age\"]}')) FROM customers AS c")
                dropping.send("DROP EXTENSION normfreeze")
                wait_until(lambda: server.query("SELECT count(*) FROM pg_locks WHERE NOT granted", database) != "0", "DROP waits")
                freezing.query("COMMIT")
                check_in(REFUSED, dropping.result(), "committed while DROP waited")

        def restored_it_is_kept_as_well():
            database = filled("source")
            for arguments in ((), ("--clean", "--if-exists")):
                dump = server.program("pg_dump", *arguments, "-d", database).stdout
                check("EVENT TRIGGER" not in dump, "the event trigger is no part of a dump")
                server.psql(dump, server.new_database("target"))
                is_refused("DROP EXTENSION normfreeze", "target", label=f"restored {arguments}")
            check_in(REFUSED, errors_of(server, dump, "target"), "--clean over what was frozen")
            server.psql("SET normfreeze.allow_removal = on;" + dump, "target")
            check_equal(server.query(CONTENT, "target"), frozen, "--clean with the setting")

        def the_way_back_of_the_documents():
            blocks = dict(re.findall(r"<!-- (\w+) -->\n<!-- not run -->\n```sh\n(.*?)```", (ROOT / "docs/recovery.md").read_text(), re.DOTALL))
            database = filled("documented")
            server.query("GRANT SELECT ON normfreeze.scalers TO reader", database)
            before = registry(server, database)
            with tempfile.TemporaryDirectory() as folder:
                for name, output in (("copy", ""), ("remove", "SET\nDROP EXTENSION\n"), ("back", "\n0\n")):
                    result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", blocks[name]], cwd=folder, text=True, capture_output=True, env={
                        "PRODUCTION": server.conninfo(database), "PATH": f"{server.installation.bindir}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"})
                    check_equal((result.returncode, result.stderr), (0, ""), name)
                    check_in(output, "\n" + result.stdout, name)
            check_equal(registry(server, database), before, "everything is back")
            check_equal(server.query("SELECT has_table_privilege('reader', 'normfreeze.scalers', 'SELECT')", database), "t", "and whoever could read it")

        def of_another_owner():
            database = filled("inherited", "owner")
            server.query("REASSIGN OWNED BY owner TO heir", database)
            server.query("DROP OWNED BY owner", database)
            check_equal(server.query("SELECT count(*) FROM normfreeze.scalers", database), "1", "the former owner's belongings go without it")
            is_refused("DROP OWNED BY heir", database)
            is_refused("DROP EXTENSION normfreeze", database, "heir")

        run_tests([an_empty_registry_goes, what_was_frozen_stays, a_trusted_installation_is_its_owners, strangers_learn_nothing,
                   who_means_it_goes_on, a_freeze_in_progress_counts, restored_it_is_kept_as_well,
                   the_way_back_of_the_documents, of_another_owner])


if __name__ == "__main__":
    run_scenario(scenario)
