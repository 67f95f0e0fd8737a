"""pg_upgrade to another major version carries registry, values, views and rights as they are, and all of it goes on working.

From the server under test to each newer one, and from each other one to the newest, of those that can be had here
(test/lib/majors.py) and that pg_upgrade can reach: minor releases of November 2026 (15.20, 17.12) write a version into the options of
every column, which earlier ones refuse, whatever is in the database.
"""

import functools
import pathlib
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import dump                                                         # noqa: E402
import majors                                                       # noqa: E402
import privileges                                                   # noqa: E402
from common import (Installation, Server, bits_sql, check, check_equal, check_error, errors_of, failed_checks,  # noqa: E402
                    freeze, prepare, registry, run_scenario)
from report import run_tests, say_skipped                           # noqa: E402

ALICE = {"database": "alices", "user": "alice"}

# beyond what dump.py has: a scaler of every method, sets, values of the types, and rights granted and taken
MORE = r"""
SELECT normfreeze.freeze('by ' || m, s) FROM (
    SELECT m, normfreeze.fit(ARRAY[age, income, tenure], m, '{"names": ["age", "income", "tenure"], "domain": "null", "unfit": "null"}') AS s
    FROM customers, unnest(enum_range(NULL::normfreeze.method)) AS m GROUP BY m) AS fits;
SELECT normfreeze.freeze('set', normfreeze.by_key(key, s)) FROM (
    SELECT (id % 7)::text AS key, normfreeze.fit(c, 'robust', '{"columns": ["age", "income", "tenure"]}') AS s FROM customers AS c GROUP BY 1) AS fits;
CREATE TABLE methods_of_mine AS SELECT m, normfreeze.id_of(normfreeze.fit(ARRAY[age], m, '{"domain": "null", "unfit": "null"}')) AS id
    FROM customers, unnest(enum_range(NULL::normfreeze.method)) AS m GROUP BY m;
CREATE ROLE reader LOGIN; CREATE ROLE "a ""one"" \ ours" LOGIN; CREATE ROLE nobody LOGIN;
GRANT SELECT ON customers TO reader, nobody;
GRANT SELECT ON normfreeze.scalers, normfreeze.versions TO reader;
GRANT SELECT (name, version) ON normfreeze.stage_log TO "a ""one"" \ ours" WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) TO "a ""one"" \ ours";
REVOKE EXECUTE ON FUNCTION normfreeze.id_of(normfreeze.scaler) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.id_of(normfreeze.scaler) TO reader;
"""

# a digest of every bit that each of these gives
BITS = {
    "generated columns": "SELECT md5(string_agg(encode(array_send(z), 'hex'), '' ORDER BY id)) FROM scored",
    "a view by id": "SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM scored_by_id AS v",
    "a view by reference": "SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM scored_by_ref AS v",
    "a materialized view": "SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM scored_and_kept AS v",
    "a set": "SELECT md5(string_agg(encode(array_send(normfreeze.normalize_by_key(c, 'set@v1'::text, (id % 7)::text)), 'hex'), '' ORDER BY id)) FROM customers AS c",
    "values in tables": "SELECT md5(string_agg(fitted::text || seen::text, '')) FROM scalers_of_mine",
    "methods in tables": "SELECT md5(string_agg(m.m || ' ' || id, ' ' ORDER BY m.m)) FROM methods_of_mine AS m",
    "the index": "SET enable_seqscan = off; SELECT count(*) FROM scored WHERE {key} = (SELECT {key} FROM scored WHERE id = 17)",
}


def rights(server, **who):
    """Every object's owner, rights and properties; what belongs to the server's version is left out."""
    initial = """SELECT pg_describe_object(classoid, objoid, p.objsubid), privtype, initprivs
                 FROM pg_init_privs AS p JOIN pg_depend AS d ON d.classid = classoid AND d.objid = objoid AND d.objsubid = 0 AND deptype = 'e'
                 JOIN pg_extension AS e ON refobjid = e.oid AND extname = 'normfreeze' ORDER BY 1"""
    # MAINTAIN, which tables have since 17
    return server.query(privileges.QUERIES, **who) + "\n" + re.sub(r"(?<=[a-zA-Z*])m(?=[/*])", "", server.query(initial, **who))


def objects(server, **who):
    """What belongs to the extension; arrays and the rows of tables do so by themselves since 17."""
    return server.query("""SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend AS d JOIN pg_extension AS e ON refobjid = e.oid
        LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
        WHERE refclassid = 'pg_extension'::regclass AND extname = 'normfreeze' AND deptype = 'e'
        AND coalesce(typcategory, '-') <> 'A' AND coalesce(typrelid, 0) = 0 ORDER BY 1""", **who)


def state(server, **who):
    return {"rights": rights(server, **who), "objects": objects(server, **who), **registry(server, **who)}


class Filled:
    """A server of one major version with two databases: the superuser's, and one that alice owns, who is none."""

    def __init__(self, major, installation):
        self.major = major
        self.server = Server(installation, "old")

    def __enter__(self):
        server = self.server
        server.init().start()
        dump.fill_registry(server)
        self.key = f"normfreeze.normalize(ARRAY[b, a], {dump.with_value_forms(server)}::normfreeze.scaler)"
        dump.with_views(server)
        server.query(MORE)
        server.query("CREATE ROLE alice LOGIN; CREATE DATABASE alices OWNER alice")
        server.query("GRANT ALL ON SCHEMA public TO alice", "alices")
        prepare(server, **ALICE)
        freeze(server, "hers", "robust", **ALICE)
        server.query("SELECT normfreeze.promote('hers', 1)", **ALICE)
        self.states = self.read(server)
        server.stop()
        return self

    def read(self, server):
        bits = {name: server.query(sql.replace("{key}", self.key)) for name, sql in BITS.items()}
        return {"": {**state(server), **bits}, "alice's ": state(server, **ALICE)}

    def __exit__(self, *exception):
        self.server.remove()


def upgraded(server, *arguments):
    """Run pg_upgrade; an error has the end of the log that it names."""
    try:
        server.program("pg_upgrade", *arguments)
    except AssertionError as error:
        log = re.search(r'"(/\S+\.log)"', str(error))
        raise AssertionError(str(error) + (pathlib.Path(log.group(1)).read_text()[-3000:] if log else "")) from None


def check_upgrade(filled, major, new):
    """The server is upgraded, and a copy of what was in it goes on in the new one."""
    name = f"from {filled.major} to {major}"
    old = filled.server
    with tempfile.TemporaryDirectory(prefix="normfreeze-sockets-") as sockets:
        server = Server(new, "new")
        try:
            # pg_upgrade wants them alike; since 18 they are there unless told otherwise
            server.init(*(["--no-data-checksums"] if major >= 18 > filled.major else []))
            if server.user:
                pathlib.Path(sockets).chmod(0o777)
            upgraded(server, "-b", old.installation.bindir, "-B", new.bindir, "-d", old.data, "-D", server.data,
                     "-U", "postgres", "--socketdir", sockets, "--no-sync")
            server.start()
            check_same(filled, server, name)
            check_goes_on(server, name)
        finally:
            server.remove()


def check_same(filled, server, name):
    after = filled.read(server)
    for whose, before in filled.states.items():
        check_equal(sorted(after[whose]), sorted(before), f"{name}: {whose}scalers")
        for part in before:
            gone, new = (set(one[part].splitlines()) for one in (before, after[whose]))
            check_equal(sorted(f"- {line}" for line in gone - new) + sorted(f"+ {line}" for line in new - gone), [], f"{name}: {whose}{part}")
    for who in ({}, ALICE):
        check_equal(failed_checks(server, **who), "", f"{name}: verify() finds nothing")
        check(int(server.query("SELECT count(*) FROM normfreeze.verify() WHERE ok", **who)) > 10, f"{name}: verify() has checked something")


def check_goes_on(server, name):
    newest = freeze(server, "churn", "meanabs")
    check_equal(server.query(f"SELECT version FROM normfreeze.versions WHERE name = 'churn' AND scaler_id = {newest}"), "4", f"{name}: the next version")
    check_equal(freeze(server, "again", "standard"), server.query("SELECT normfreeze.scaler_id('churn@v1')"), f"{name}: the same data frozen anew")
    check_equal(server.query("""SELECT bool_and(id = (SELECT normfreeze.id_of(normfreeze.fit(ARRAY[age], m.m, '{"domain": "null", "unfit": "null"}')) FROM customers)) FROM methods_of_mine AS m"""), "t",
                f"{name}: fits by every method have their ids")
    hers = freeze(server, "hers", "mad", **ALICE)
    check_equal(server.query(f"SELECT normfreeze.promote('hers', 2) IS NOT NULL, count(*) FROM normfreeze.versions WHERE scaler_id = {hers}", **ALICE), "t|1",
                f"{name}: alice goes on")
    check_equal(server.query(bits_sql("'churn@v1'::text"), user="reader") != "", True, f"{name}: reader applies")
    check_error(errors_of(server, bits_sql("'churn@v1'::text"), user="nobody"), "42501", f"{name}: nobody does not")
    for user, error in (("postgres", "55000"), ("alice", "42501")):
        check_error(errors_of(server, "UPDATE normfreeze.versions SET note = 'x'", database="alices", user=user), error, f"{name}: {user} cannot change what is frozen")
    server.query("DROP TABLE scored, scalers_of_mine, methods_of_mine, customers CASCADE")
    check_error(errors_of(server, "DROP EXTENSION normfreeze"), "2BP01", f"{name}: the extension is not dropped unasked")
    server.query("SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze")
    check_equal(server.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'normfreeze'"), "0", f"{name}: DROP EXTENSION leaves nothing")


def options_of_columns(installation):
    """The names of options that columns of a new table have without being asked for."""
    with Server(installation, "options") as server:
        return set(server.query("""CREATE TABLE t (a int);
            SELECT split_part(unnest(attoptions), '=', 1) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum = 1""").split())


def installations_of_all(mine, folder):
    """Those that can be had, by major version."""
    made = {majors.major_of(): mine}
    for major in majors.MAJORS:
        if major not in made:
            try:
                program, tree = majors.built(major)
            except majors.Unavailable as reason:
                say_skipped(f"PostgreSQL {major}: {reason}")
                continue
            made[major] = Installation(f"{folder}/{major}", program, source=tree)
    return dict(sorted(made.items()))


def scenario(installation):
    mine = majors.major_of()
    with tempfile.TemporaryDirectory(prefix="normfreeze-majors-") as folder:
        pathlib.Path(folder).chmod(0o755)
        installations = installations_of_all(installation, folder)
        options = {major: options_of_columns(made) for major, made in installations.items()}
        beyond = []
        tests = []
        for old in installations:
            newer = [new for new in installations if new > old]
            reached = [new for new in newer if options[old] <= options[new]]
            beyond += [f"{old} to {new}" for new in (newer if old == mine else newer[-1:]) if new not in reached]
            targets = reached if old == mine else reached[-1:]
            if targets:
                tests.append(functools.partial(upgrades_from, installations, old, targets))
        if beyond:
            say_skipped(f"{', '.join(beyond)}: the newer server does not know column option {' '.join(set.union(*options.values()))} of the older one")
        for test in tests:
            test.__name__ = f"upgrades from {test.args[1]}"
        run_tests(tests)


def upgrades_from(installations, old, targets):
    with Filled(old, installations[old]) as filled:
        for new in targets:
            start = time.monotonic()
            check_upgrade(filled, new, installations[new])
            print(f"from {old} to {new}: {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    run_scenario(scenario)
