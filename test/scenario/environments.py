"""From development to production: the recipes of docs/environments.md, damaged files, two people, replication."""

import json
import os
import random
import re
import subprocess
import threading
import time

from common import (Server, Session, bits_sql, check, check_equal, check_error, check_in, errors_of, failed_checks,
                    fit_sql, freeze, prepare, registry, run_scenario, run_tests, sessions, sqlstate,
                    wait_until)
from server import ROOT

EXPORT = "(SELECT jsonb_agg(e) FROM normfreeze.export_name('{}') AS e)"


def recipes():
    """The shell blocks of the page, by the name in the comment before each."""
    page = (ROOT / "docs/environments.md").read_text()
    blocks = dict(re.findall(r"<!-- (\w+) -->\n<!-- not run -->\n```sh\n(.*?)```", page, re.DOTALL))
    check_equal(page.count("```sh"), len(blocks), "every shell block has a name")
    return blocks


def same_bits(one, other, scaler_id, name, database="postgres"):
    check_equal(other.query(bits_sql(scaler_id), database), one.query(bits_sql(scaler_id)), name)


def recipe_tests(development, production):
    blocks = recipes()
    variables = {"DEVELOPMENT": development.conninfo(), "PRODUCTION": production.conninfo(),
                 "PATH": f"{development.installation.bindir}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def shell(name, **more):
        result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", blocks[name]], cwd=production.folder, text=True,
                                capture_output=True, env={**variables, **more})
        check_equal((result.returncode, result.stderr), (0, ""), f"recipe {name}")
        return result.stdout

    first = freeze(development, "churn", "standard")
    second = freeze(development, "churn", "robust", where="id % 3 > 0")
    keyed = development.query("""SELECT normfreeze.freeze('churn', normfreeze.by_key(k, s)) FROM (
        SELECT id % 7 || E' "key"\\n\\\\' AS k, normfreeze.fit(c, 'minmax', '{"columns": ["age", "income", "tenure"]}') AS s
        FROM customers AS c GROUP BY 1) AS g""")
    development.query("SELECT normfreeze.promote('churn', 2); SELECT normfreeze.promote('churn', 1)")

    def by_pipe():
        output = shell("pipe")
        check_equal(output.count("imported"), 3, "three versions are imported")
        check_equal(production.query("SELECT version, scaler_id FROM normfreeze.versions WHERE name = 'churn' ORDER BY 1"),
                    f"1|{first}\n2|{second}\n3|{keyed}", "the same ids")
        for scaler_id in (first, second):
            same_bits(development, production, scaler_id, "the same bits")
        by_key = f"SELECT normfreeze.normalize_by_key(c, {keyed}, id % 7 || E' \"key\"\\n\\\\') FROM customers AS c ORDER BY id"
        check_equal(production.query(by_key), development.query(by_key), "the same bits by key")
        check_equal(failed_checks(production), "", "verify() in production")
        check_in("3 of 3 features derived anew", production.query(f"SELECT detail FROM normfreeze.verify({first})"),
                 "the evidence has travelled")
        check_equal(production.query("SELECT count(*) FROM normfreeze.stage_log"), "0", "nothing is promoted")
        check_equal(production.query("SELECT DISTINCT origin->>'system_identifier' = system_identifier::text "
                                     "FROM normfreeze.versions, pg_control_system()"), "f", "the origin is another system")
        check_equal(shell("pipe").count("unchanged"), 3, "again: nothing")

    def through_git():
        production.new_database("staging")
        prepare(production, "staging")
        output = shell("git", PRODUCTION=production.conninfo("staging"))
        check_equal(output.count("imported"), 3, "three versions are imported from a file")
        same_bits(development, production, first, "the same bits in staging", "staging")
        check_equal(production.query("SELECT count(*) FROM normfreeze.profiles", "staging"), "0", "without evidence")
        check_equal(failed_checks(production, "staging"), "", "verify() in staging")

    def promoted_there():
        shell("promote")
        check_equal(production.query("SELECT normfreeze.scaler_id('churn')"), first, "in production")

    def further_on():
        """From staging on to a third place: the origin has both."""
        exported = production.query("SELECT jsonb_agg(e) FROM normfreeze.export_name('churn') AS e", "staging")
        production.new_database("third")
        production.query("CREATE EXTENSION normfreeze", "third")
        production.query(f"SELECT * FROM normfreeze.import_name($export${exported}$export$)", "third")
        check_equal(production.query("""SELECT origin->>'database', origin->'origin'->>'database' FROM normfreeze.versions
                                        WHERE version = 2""", "third"), "staging|postgres", "both stops are recorded")

    def mirrored():
        exported = production.query("SELECT jsonb_agg(e) FROM normfreeze.export_name('churn') AS e")
        development.new_database("mirror")
        prepare(development, "mirror")
        development.query(f"SELECT * FROM normfreeze.import_name($export${exported}$export$, mirror => true)", "mirror")
        for table, columns in (("versions", "name, version, scaler_id, frozen_at, frozen_by, frozen_session_user, note, metadata, row_count"),
                               ("stage_log", "name, seq, stage, version, action, at, changed_by, changed_session_user, note")):
            sql = f"SELECT {columns} FROM normfreeze.{table} ORDER BY 1, 2"
            check_equal(development.query(sql, "mirror"), production.query(sql), f"a mirror's {table}")
        for part in ("scalers", "members", "profiles"):
            check_equal(registry(development, "mirror")[part], registry(production)[part], f"a mirror's {part}")
        check_equal(failed_checks(development, "mirror"), "", "verify() of a mirror")

    yield from (by_pipe, through_git, promoted_there, further_on, mirrored)

    # ---- replication: production publishes, a third server subscribes ----

    def replicated():
        with Server(production.installation, "subscriber", {"wal_retrieve_retry_interval": "200ms"}) as subscriber:
            prepare(subscriber)
            connection = {"SUBSCRIBER": subscriber.conninfo()}

            def shell_there(name):
                result = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", blocks[name]], cwd=production.folder, text=True,
                                        capture_output=True, env={**variables, **connection})
                # psql announces replication slots
                errors = re.sub(r"NOTICE: .*\n", "", result.stderr)
                check_equal((result.returncode, errors), (0, ""), f"recipe {name}")

            shell_there("publish")
            wait_until(lambda: registry(subscriber) == registry(production), "the first copy arrives")
            check_equal(registry(subscriber), registry(production), "the same registry, and the same bits")
            production.query("SELECT normfreeze.allow_stage('production', 'postgres'); SELECT normfreeze.promote('churn', 2)")
            wait_until(lambda: registry(subscriber) == registry(production), "changes arrive")
            check_equal(failed_checks(subscriber), "", "verify() on the subscriber")

            # both sides freeze the same name
            freeze(subscriber, "local", "maxabs", where="id < 50")
            freeze(subscriber, "shared", "maxabs", where="id < 60")
            freeze(production, "shared", "maxabs", where="id < 70")
            log = subscriber.folder / "log"
            # since 18 a conflict has a message of its own
            conflict = re.compile('duplicate key value violates unique constraint "versions_pkey"|'
                                  'conflict detected on relation "normfreeze.versions": conflict=(insert_exists|multiple_unique_conflicts)')
            wait_until(lambda: conflict.search(log.read_text()), "replication stops at the conflict")
            freeze(production, "later", "maxabs", where="id < 80")
            time.sleep(1)
            check_equal(subscriber.query("SELECT count(*) FROM normfreeze.versions WHERE name = 'later'"), "0",
                        "and nothing arrives after it")
            shell_there("recover")
            wait_until(lambda: registry(subscriber) == registry(production), "copied anew")
            check_equal(registry(subscriber), registry(production), "the same registry again")
            check_equal(subscriber.query("SELECT count(*) FROM normfreeze.versions WHERE name = 'local'"), "1",
                        "what was frozen on the subscriber came by way of the publisher")
            subscriber.query("DROP SUBSCRIPTION normfreeze")

    yield replicated


def damage_tests(server):
    """Files that were edited or cut: refused, or what was edited is not the content."""
    text = server.query("SELECT jsonb_agg(e) FROM normfreeze.export_name('churn') AS e")
    ids = {version["scaler_id"] for version in json.loads(text)}

    def any_character():
        generator = random.Random(17)
        outcomes = {"refused": 0, "imported": 0}
        strange = []
        with Session(server) as session:
            session.query("SET client_min_messages = error")
            for i in range(400):
                at = generator.randrange(len(text))
                edited = text[:at] + generator.choice('0123456789abcxyz"{}[],:. ') + text[at + 1:]
                if i % 8 == 0:
                    edited = text[:at]
                session.query("BEGIN")
                output = session.do(f"SELECT scaler_id FROM normfreeze.import_name($export${edited}$export$, 'damaged')")
                session.query("ROLLBACK")
                state = sqlstate(output)
                outcomes["refused" if state else "imported"] += 1
                if state and state[:2] not in ("22", "XX", "42", "54") or state == "XX000":
                    strange.append(output[-300:])
                if not state and not set(output.split()) <= ids:
                    strange.append(output)
            check_equal(session.query("SELECT 'alive'"), "alive", "the session has survived")
        check_equal(strange, [], "damage is refused with a proper error, or does not touch the content")
        check(outcomes["refused"] > 300, "most damage is refused", outcomes)

    def every_number_of_the_content():
        """Each number in the scaler itself, one by one."""
        version = json.loads(text)[0]
        scaler = json.dumps(version.pop("scaler"))
        outer = json.dumps(version)[:-1]
        accepted = []
        with Session(server) as session:
            for found in list(re.finditer(r"(?<=[:\[] )-?\d[\d.e+-]*(?=[,}\]])", scaler))[:60]:
                edited = scaler[:found.start()] + str(float(found.group()) + 1) + scaler[found.end():]
                output = session.do(f"""SELECT * FROM normfreeze.import_name($export${outer}, "scaler": {edited}}}$export$, 'edited')""")
                if not sqlstate(output):
                    accepted.append(found.group())
        check_equal(accepted, [], "no edited number is imported")

    def through_pythons_json():
        """A file that another program has parsed and written again is the same."""
        again = json.dumps(json.loads(text), indent=1, sort_keys=True)
        check_equal(server.query(f"SELECT string_agg(DISTINCT action, ' ') FROM normfreeze.import_name($export${again}$export$)"), "unchanged",
                    "Python's json has changed nothing")

    yield from (any_character, every_number_of_the_content, through_pythons_json)


def concurrency_tests(server):
    one = server.query(f"SELECT {EXPORT.format('churn')}")

    def two_imports_of_one_name():
        with sessions(server, 2) as (a, b):
            a.query("BEGIN")
            call = f"SELECT version, action FROM normfreeze.import_name($export${one}$export$, 'twice')"
            check_equal(a.query(call), "1|imported\n2|imported\n3|imported", "the first one imports")
            b.send(call)
            time.sleep(0.3)
            a.query("COMMIT")
            check_equal(b.result(), "1|unchanged\n2|unchanged\n3|unchanged", "the second one waits, and finds all there")

    def an_import_and_a_freeze():
        with sessions(server, 2) as (a, b):
            a.query("BEGIN")
            a.query(f"SELECT normfreeze.import_name($export${one}$export$, 'both')")
            b.send(f"SELECT normfreeze.freeze('both', {fit_sql('maxabs')})")
            time.sleep(0.3)
            a.query("COMMIT")
            b.result()
        check_equal(server.query("SELECT string_agg(version::text, ' ' ORDER BY version) FROM normfreeze.versions WHERE name = 'both'"),
                    "1 2 3 4", "versions without gaps")

    def shared_contents_in_other_orders():
        """Names that have the same new contents, or evidence, in other orders: imports do not deadlock."""
        server.new_database("source", template="template0")
        prepare(server, "source")
        for i in range(20):
            freeze(server, "up", where=f"id > {i}", database="source")
        for i in reversed(range(20)):
            freeze(server, "down", where=f"id > {i}", database="source")
        # other contents, which share their evidence
        for i in range(20):
            freeze(server, "left", "robust" if i % 2 else "minmax", where=f"id > {i}", database="source")
            freeze(server, "right", "minmax" if i % 2 else "robust", where=f"id > {i}", database="source")
        names = ("up", "down", "left", "right")
        exported = {name: server.query(f"SELECT {EXPORT.format(name)}", "source") for name in names}
        failures = []
        for round_ in range(5):
            server.new_database("target", template="template0")
            server.query("CREATE EXTENSION normfreeze", "target")

            def one_import(name):
                error = errors_of(server, f"SELECT normfreeze.import_name($export${exported[name]}$export$)", "target")
                if error:
                    failures.append(error[:500])

            threads = [threading.Thread(target=one_import, args=(name,)) for name in exported]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        check_equal(failures, [], "no import fails")
        check_equal(failed_checks(server, "target"), "", "verify() afterwards")

    def under_a_snapshot_of_its_own():
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
            server.query(f"SELECT normfreeze.import_name($export${one}$export$, 'snapshot')")
            check_equal(session.query(f"SELECT DISTINCT action FROM normfreeze.import_name($export${one}$export$, 'snapshot')"),
                        "unchanged", "an import sees what is committed now")
            session.query("COMMIT")

    yield from (two_imports_of_one_name, an_import_and_a_freeze, shared_contents_in_other_orders, under_a_snapshot_of_its_own)


def people_tests(server):
    """Alice and Bob log in by themselves; the setting is the server's."""
    database = server.new_database("people")
    prepare(server, database)
    server.query("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE carol LOGIN; CREATE ROLE releases; GRANT releases TO bob, carol")
    server.query("""GRANT SELECT ON customers TO PUBLIC;
        GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean),
            normfreeze.promote(text, integer, text, text, boolean, boolean), normfreeze.rollback(text, text, text),
            normfreeze.import_name(jsonb, text, boolean, boolean) TO alice, bob, carol;
        GRANT SELECT ON ALL TABLES IN SCHEMA normfreeze TO alice, bob, carol;
        ALTER DATABASE people SET normfreeze.require_second_person = on""", database)

    def fails(sql, user, name, message="", options=""):
        with Session(server, database, user, options) as session:
            output = session.do(sql)
        check_error(output, "42501", name)
        check_in(message, output, f"{name}: the message")

    freeze(server, "model", database=database, user="alice")

    def the_freezer_does_not_promote():
        promote = "SELECT normfreeze.promote('model', 1)"
        fails(promote, "alice", "alice promotes her own", '"alice" has frozen or imported version 1')
        for way in ("SET normfreeze.require_second_person = off;", "SET LOCAL normfreeze.require_second_person = off;",
                    "SELECT set_config('normfreeze.require_second_person', 'off', false);"):
            fails(f"{way}\n{promote}", "alice", f"alice, after {way}")
        # before the library is loaded, the setting is only a placeholder
        fails(f"{way}\n;\n{promote}", "alice", "alice, by the placeholder of a setting", "has frozen or imported")
        fails(promote, "alice", "alice, by an option of her connection", "", "-c normfreeze.require_second_person=off")
        fails("""CREATE FUNCTION pg_temp.mine() RETURNS bigint LANGUAGE sql SET normfreeze.require_second_person = off
                 AS 'SELECT normfreeze.promote(''model'', 1)'; SELECT pg_temp.mine()""", "alice", "alice, by a setting of a function")
        check_error(errors_of(server, "ALTER ROLE alice SET normfreeze.require_second_person = off", database, "alice"), "42501",
                    "alice may not set it for her role")
        check_equal(server.query("SELECT normfreeze.promote('model', 1) IS NOT NULL", database, "bob"), "t", "bob promotes it")
        check_equal(server.query("SELECT changed_by, changed_session_user FROM normfreeze.stage_log", database), "bob|bob", "the log")

    def an_import_is_no_way_around():
        exported = server.query(f"SELECT {EXPORT.format('model')}", database, "alice")
        forged = exported.replace('"alice"', '"dave"')
        check(forged != exported, "something was forged")
        for mirror in ("false", "true"):
            name = f"forged_{mirror}"
            plain = re.sub(r'"stage_log": \[.*?\]', '"stage_log": []', forged).replace('"log_length": 1', '"log_length": 0')
            server.query(f"SELECT normfreeze.import_name($export${plain}$export$, '{name}', mirror => {mirror})", database, "alice")
            fails(f"SELECT normfreeze.promote('{name}', 1)", "alice", f"a forged freezer, mirror => {mirror}")
            fails(f"SELECT normfreeze.import_name($export${forged}$export$, '{name}_2', mirror => {mirror}, stages => true)", "alice",
                  f"a forged promotion, mirror => {mirror}")
            check_equal(server.query(f"SELECT count(*) FROM normfreeze.versions WHERE name = '{name}_2'", database), "0",
                        "nothing of it is written")
            check_equal(server.query(f"SELECT normfreeze.promote('{name}', 1) IS NOT NULL", database, "bob"), "t",
                        f"bob promotes what alice has imported, mirror => {mirror}")

    def a_list_counts_for_logins():
        server.query("SELECT normfreeze.allow_stage('production', 'releases')", database)
        freeze(server, "model", "robust", database=database, user="carol")
        fails("SELECT normfreeze.promote('model', 2)", "alice", "alice is not on the list", 'The stage admits "releases"')
        fails("SELECT normfreeze.promote('model', 2)", "carol", "carol is on it, but froze it", '"carol" has frozen')
        check_equal(server.query("SELECT normfreeze.promote('model', 2) IS NOT NULL", database, "bob"), "t", "bob may")
        fails("SELECT normfreeze.rollback('model')", "alice", "alice's rollback")
        check_equal(server.query("SELECT normfreeze.rollback('model') IS NOT NULL", database, "carol"), "t", "carol's rollback")

    def two_lists_at_once():
        with sessions(server, 2, database=database) as (a, b):
            a.query("BEGIN; SELECT normfreeze.allow_stage('raced', 'alice', new_stage => true)")
            b.send("SELECT normfreeze.allow_stage('raced', 'bob', new_stage => true)")
            time.sleep(0.3)
            a.query("COMMIT")
            check_equal(b.result(), "t", "the second one waits")
        check_equal(server.query("SELECT seq, role FROM normfreeze.stage_access_log WHERE stage = 'raced' ORDER BY seq", database),
                    "1|alice\n2|bob", "numbered without gaps")

    def restored_where_the_roles_are_not():
        dump = server.program("pg_dump", "-d", database, "--no-privileges").stdout
        with Server(server.installation, "elsewhere") as elsewhere:
            elsewhere.query("CREATE ROLE dave LOGIN")
            elsewhere.query(dump)
            check_equal(registry(elsewhere), registry(server, database), "all is there")
            check_equal(elsewhere.query("SELECT role, role_exists FROM normfreeze.stage_access WHERE stage = 'production'"),
                        "releases|f", "the list names a role that is not")
            elsewhere.query("GRANT EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) TO dave")
            check_error(errors_of(elsewhere, "SELECT normfreeze.promote('model', 2)", user="dave"), "42501", "which admits nobody")
            elsewhere.query("CREATE ROLE releases; GRANT releases TO dave")
            check_equal(elsewhere.query("SELECT normfreeze.promote('model', 2) IS NOT NULL", user="dave"), "t", "until it is made")

    yield from (the_freezer_does_not_promote, an_import_is_no_way_around, a_list_counts_for_logins, two_lists_at_once,
                restored_where_the_roles_are_not)


def limit_tests(server):
    database = server.new_database("beyond")
    server.query("CREATE EXTENSION normfreeze", database)
    names = ",".join(f'"f{i}"' for i in range(1000))
    server.query(f"""
        SET jit = off;
        SELECT normfreeze.freeze('wide', normfreeze.fit(v, 'standard', '{{"names": [{names}]}}'))
        FROM (SELECT ARRAY(SELECT exp(sin(i * f)) FROM generate_series(1, 1000) AS f) AS v FROM generate_series(1, 300) AS i) AS rows""", database)

    def a_thousand_features():
        check_equal(server.query(f"SELECT action FROM normfreeze.import_name({EXPORT.format('wide')}, 'copy')", database), "imported",
                    "1,000 features, with evidence")

    def beyond_the_limit_of_jsonb():
        """The limit is that of PostgreSQL for all parts together: a scaler and metadata are within it, but not both."""
        server.query("""SELECT normfreeze.freeze('beyond', normfreeze.scaler(scaler_id),
                            metadata => jsonb_build_object('x', repeat('x', 268300000))) FROM normfreeze.scalers""", database)
        output = errors_of(server, "SELECT normfreeze.export_name('beyond')", database)
        check_error(output, "54000", "a version that is too large")
        check_in('version 1 of scaler "beyond" is larger than a jsonb value may be', output, "the message")
        check_in("evidence => false", output, "the hint")

    yield from (a_thousand_features, beyond_the_limit_of_jsonb)


def scenario(installation):
    with Server(installation, "development") as development, \
            Server(installation, "production", {"wal_level": "logical"}) as production:
        prepare(development)
        prepare(production)
        run_tests(recipe_tests(development, production))
        run_tests(damage_tests(development))
        run_tests(concurrency_tests(development))
        run_tests(people_tests(development))
        run_tests(limit_tests(development))


if __name__ == "__main__":
    run_scenario(scenario)
