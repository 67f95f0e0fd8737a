#!/usr/bin/env python3
"""A cancelled and a terminated backend in every long function, a lost connection, and a full disk: they end soon, and leave nothing.

LONG has a row for each function whose work grows with what it is given; BRIEF the others.  A function of the extension that is in
neither fails.  Time is CPU time of the backend, so that a busy machine fails nothing.  NORMFREEZE_TEST_ALL=1 takes larger inputs, and
interrupts each at three places.
"""

import fnmatch
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import psycopg  # noqa: E402

from common import Server, Session, check, check_equal, check_in, failed_checks, run_scenario, run_tests, sqlstate, wait_until  # noqa: E402

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"
SIZE = 6 if ALL else 1
PLACES = (0.1, 0.5, 0.85) if ALL else (0.4,)        # of a statement's time
MOST_SECONDS = 2 if ALL else 1                      # of CPU, from cancel to end: libxml reads a document in one go

FEATURES = min(16000, 2500 * SIZE)
SETUP = f"""
CREATE EXTENSION normfreeze;
CREATE TABLE points AS SELECT sin(i) AS a, exp(mod(i, 700) / 100.0::float8) AS b, mod(i * 7919, 104729) + 1.0::float8 AS c, mod(i, 977)::text AS k
    FROM generate_series(1, {40000 * SIZE}::bigint) AS i;
ANALYZE points;
CREATE TABLE wide_rows AS SELECT ARRAY(SELECT sin(i * k + 1.0) FROM generate_series(1, {FEATURES}) AS k) AS x FROM generate_series(1, 6) AS i;
CREATE TABLE wide AS SELECT normfreeze.fit(x, 'standard', jsonb_build_object('names', (SELECT jsonb_agg('f' || k) FROM generate_series(1, {FEATURES}) AS k))) AS s FROM wide_rows;
CREATE TABLE middle AS SELECT normfreeze.fit(x[1:200], 'standard', jsonb_build_object('names', (SELECT jsonb_agg('f' || k) FROM generate_series(1, 200) AS k))) AS s FROM wide_rows;
CREATE TABLE by_keys AS SELECT k, normfreeze.fit(ARRAY[a, b, c], 'standard', '{{"distribution": 16}}') AS s FROM (SELECT a, b, c, g || k AS k FROM points, generate_series(1, {SIZE}) AS g) AS p GROUP BY k;
CREATE TABLE sets AS SELECT normfreeze.by_key(k, s) AS s FROM by_keys;
DO $$ BEGIN FOR i IN 1 .. {300 * SIZE} LOOP
    PERFORM normfreeze.freeze('long', (SELECT normfreeze.fit(ARRAY[v, v * i], 'standard', '{{"distribution": 16}}') FROM generate_series(1, 9) AS v));
    PERFORM normfreeze.promote('long', i, force => true);
END LOOP; END $$;
SELECT normfreeze.freeze('wide', s) FROM wide; SELECT normfreeze.promote('wide', 1);
SELECT normfreeze.freeze('keyed', s) FROM sets; SELECT normfreeze.promote('keyed', 1);
SELECT normfreeze.freeze('points', (SELECT normfreeze.fit(p, 'standard', '{{"columns": ["a", "b", "c"]}}') FROM points AS p)); SELECT normfreeze.promote('points', 1);
CREATE TABLE exported AS SELECT jsonb_agg(e) AS e FROM normfreeze.export_name('long') AS e;
CREATE TABLE profiles AS SELECT k, normfreeze.profile(ARRAY[a, b, c]) AS p FROM points, generate_series(1, 2) AS g GROUP BY k;
CREATE TABLE archived AS SELECT s.scaler_id, n AS seq, repeat('x', 200) AS entry FROM normfreeze.named_scalers AS s, generate_series(1, 20) AS n;
VACUUM ANALYZE;
"""

# an ONNX model whose inputs are constants but for one, and each is looked for behind all others: field 5 of the graph is a constant, 11 an input
CONSTANTS = 24000 if ALL else 2500
MANY_CONSTANTS = f"""(SELECT decode('3a' || to_hex(128 + mod(n, 128)) || to_hex(128 + mod(n >> 7, 128)) || to_hex(128 + mod(n >> 14, 128)) || lpad(to_hex(n >> 21), 2, '0') || graph, 'hex') AS model FROM (SELECT graph, length(graph) / 2 AS n FROM (
    SELECT repeat('2a664264' || repeat('78', 100), {CONSTANTS}) || '2a664264' || repeat('79', 100) || repeat('5a660a64' || repeat('79', 100), {CONSTANTS})
        || '5a110a0158120c0a0a080b12060a000a020801' || '0a100a015812015922084964656e74697479' || '62030a0159' AS graph) AS g) AS m)"""

LEAST = 0.5 if ALL else 0.1                                        # seconds that a statement takes which is interrupted

# What takes long: functions by patterns, and statements that are run whole and then interrupted.  {n} is how often, so that it takes LEAST.
LONG = [
    ("fit(*) fit_transition(*) fit_final(*) fit_state_combine(*)", [
        "SELECT normfreeze.id_of(normfreeze.fit(p, 'robust', '{{\"columns\": [\"a\", \"b\", \"c\"]}}')) FROM points AS p, generate_series(1, {n})",
        "SELECT normfreeze.id_of(normfreeze.fit(p, 'power', '{{\"columns\": [\"a\", \"b\"]}}')) FROM points AS p, generate_series(1, {n})",
        "SELECT normfreeze.id_of(normfreeze.fit(ARRAY[a, b, c], 'quantile')) FROM points, generate_series(1, {n})"]),
    ("fit_table(*) scan*(*) gather*(*)", ["SELECT normfreeze.id_of(normfreeze.fit_table('points', 'power', '{{\"columns\": [\"a\"]}}')) FROM generate_series(1, {n})"]),
    ("profile(*) profile_transition(*) profile_final(*) *_columns(*) *_columns_transition(*) column_share(*)",
     ["SELECT normfreeze.profile_digest(normfreeze.profile(p, '{{a,b,c}}'::text[])) FROM points AS p, generate_series(1, {n})",
      "SELECT count(normfreeze.profile_digest(p)) FROM (SELECT normfreeze.profile(x) AS p FROM wide_rows, generate_series(1, {n}) AS g GROUP BY g) AS q"]),
    ("merge(*) merge_transition(*)", ["SELECT normfreeze.profile_digest(normfreeze.merge(p)) FROM profiles, generate_series(1, {n})"]),
    ("by_key(*) by_key_*(*)", ["SELECT normfreeze.id_of(normfreeze.by_key(k || '-' || g, s)) FROM by_keys, generate_series(1, {n}) AS g"]),
    ("freeze(*)", ["SELECT normfreeze.freeze('other', s) FROM (SELECT normfreeze.by_key(k || '.' || g, s) AS s FROM by_keys, generate_series(1, {n}) AS g) AS q"]),
    ("import_name(*)", ["SELECT sum((SELECT count(*) FROM normfreeze.import_name((SELECT e FROM exported), 'imported' || g, stages => true))) FROM generate_series(1, {n}) AS g"]),
    ("export_name(*)", ["SELECT sum((SELECT count(e::text) FROM normfreeze.export_name(CASE WHEN g > 0 THEN 'long' END) AS e)) FROM generate_series(1, {n}) AS g"]),
    ("verify(*)", ["SELECT bool_and(ok) FROM normfreeze.verify()", "SELECT bool_and((SELECT bool_and(ok) FROM normfreeze.verify(CASE WHEN g > 0 THEN 'keyed' END))) FROM generate_series(1, {n}) AS g"]),
    ("report(*)", ["SELECT sum(length(normfreeze.report(CASE WHEN g > 0 THEN 'wide' END))) > 0 FROM generate_series(1, {n}) AS g"]),
    ("lineage(*)", ["SELECT sum((SELECT count(l::text) FROM normfreeze.lineage(CASE WHEN g > 0 THEN 'long' END) AS l)) FROM generate_series(1, {n}) AS g"]),
    ("describe_weights(*)", ["SELECT sum((SELECT count(d::text) FROM normfreeze.describe_weights(s) AS d WHERE g > 0)) FROM generate_series(1, {n}) AS g, wide"]),
    ("describe(*)", ["SELECT sum((SELECT count(d::text) FROM normfreeze.describe(s) AS d WHERE g > 0)) FROM generate_series(1, {n}) AS g, wide"]),
    ("probes(*)", ["SELECT sum((SELECT count(p::text) FROM normfreeze.probes(CASE WHEN g > 0 THEN s END) AS p)) FROM generate_series(1, {n}) AS g, wide"]),
    ("audit(*) audit_*transition(*) audit_final(*) audit_output_final(*) audit_*combine(*) audit_*serialize(*)", [
        "SELECT length(normfreeze.audit(p, ARRAY[b, a, c], 'points')::text) FROM points AS p, generate_series(1, {n})", "SELECT length(normfreeze.audit(x[1:200], x[1:200], s)::text) FROM wide_rows, middle, generate_series(1, {n})",
        "SELECT length(normfreeze.audit(ARRAY[b, a, c], 'points')::text) FROM points, generate_series(1, {n})"]),
    ("audit_report(*)", ["SELECT sum((SELECT count(r::text) FROM normfreeze.audit_report(a) AS r WHERE g > 0)) FROM (SELECT normfreeze.audit(x, s) AS a FROM wide_rows, wide) AS q, generate_series(1, {n}) AS g"]),
    ("drift(*) drift_bins(*) drift_ranges(*) worst_drift(*)", ["SELECT sum((SELECT count(d::text) FROM normfreeze.drift(p, CASE WHEN g > 0 THEN p END) AS d)) FROM (SELECT normfreeze.profile_of(s) AS p FROM wide) AS w, generate_series(1, {n}) AS g"]),
    ("record_drift(*)", ["SELECT sum((SELECT count(d::text) FROM normfreeze.record_drift('wide', p, 'try ' || g) AS d)) FROM (SELECT normfreeze.profile_of(s) AS p FROM wide) AS w, generate_series(1, {n}) AS g"]),
    ("archive_*_log(*) verify_archive(*)", [
        "SELECT sum((SELECT count(*) FROM normfreeze.archive_drift_log(CASE WHEN g > 0 THEN 'infinity'::timestamptz END))) FROM generate_series(1, {n}) AS g",
        "SELECT sum((SELECT count(*) FROM normfreeze.verify_archive('archived', 'drift_log') WHERE g > 0)) FROM generate_series(1, {n}) AS g"]),
    ("archive_digest(*) archive_digest_*(*)", ["SELECT normfreeze.archive_digest(entry ORDER BY seq) FROM archived, generate_series(1, {n})"]),
    ("repair(*)", ["SELECT sum((SELECT count(*) FROM normfreeze.repair(g > 0))) FROM generate_series(1, {n}) AS g"]),
    ("explain(*)", ["SELECT count(e::text) FROM points AS p, generate_series(1, {n}), normfreeze.explain(p, 'points') AS e"]),
    ("diff(*)", ["SELECT sum((SELECT count(d::text) FROM normfreeze.diff('wide', CASE WHEN g > 0 THEN 'wide@v1' END) AS d)) FROM generate_series(1, {n}) AS g"]),
    ("to_sql(*) to_sql_check(*)", ["SELECT sum(length(normfreeze.to_sql(b, 'points', 'postgres', 'k' || g))) FROM (SELECT normfreeze.by_key(k::text, s) AS b FROM middle, generate_series(1, 5) AS k) AS q, generate_series(1, {n}) AS g",
        "SELECT sum(length(normfreeze.to_sql(s, 'points' || g))) FROM wide, generate_series(1, {n}) AS g"]),
    ("to_onnx(*) from_onnx(*)", ["SELECT count(normfreeze.id_of(normfreeze.from_onnx(normfreeze.to_onnx(s)))) FROM wide, generate_series(1, {n})",
        "SELECT count(normfreeze.id_of(normfreeze.from_onnx(model))) FROM " + MANY_CONSTANTS + " AS q, generate_series(1, {n})"]),
    ("to_pmml(*) from_pmml(*)", ["SELECT count(normfreeze.id_of(normfreeze.from_pmml(normfreeze.to_pmml(s)))) FROM wide, generate_series(1, {n})"]),
    ("from_parameters(*)", ["SELECT count(normfreeze.id_of(normfreeze.from_parameters(o, CASE WHEN g > 0 THEN '{{\"dtype\": \"float32\", \"clip\": [-1, 1]}}'::jsonb END))) FROM generate_series(1, {n}) AS g, "
        "(SELECT jsonb_object_agg(i || '_' || w, 1) AS o FROM generate_series(1, 1000) AS i, unnest('{{mean,std}}'::text[]) AS w) AS q"]),
    ("to_sklearn(*) from_*(*)", ["SELECT count(normfreeze.id_of(normfreeze.from_sklearn(normfreeze.to_sklearn(s)))) FROM wide, generate_series(1, {n})"]),
    ("normalize(*) denormalize(*) normalize_value(*)", ["SELECT count(normfreeze.normalize(p, 'points')) FROM points AS p, generate_series(1, {n})", "SELECT count(normfreeze.normalize(x, s)) FROM wide, wide_rows, generate_series(1, {n})"]),
    ("*normalize_by_key(*)", ["SELECT count(normfreeze.normalize_by_key(ARRAY[a, b, c], 'keyed', '1' || k)) FROM points, generate_series(1, {n})"]),
    ("members_of(*) member(*)", ["SELECT sum((SELECT count(m::text) FROM normfreeze.members_of(CASE WHEN g > 0 THEN s END) AS m)) FROM sets, generate_series(1, {n}) AS g"]),
    ("verify_output(*)", ["SELECT sum((SELECT count(v::text) FROM normfreeze.verify_output(s, r.x, r.x) AS v WHERE g > 0)) FROM wide, wide_rows AS r, generate_series(1, {n}) AS g"]),
    ("scaler_*(*) profile_*(*) fit_state_*(*) jsonb_to_scaler(*) is_content(*) bare(*) fingerprint(*) id_of(*) profile_of(*) digest_of(*)",
     ["SELECT count(s::text::normfreeze.scaler) FROM wide, generate_series(1, {n})", "SELECT count(s::text::normfreeze.scaler) FROM sets, generate_series(1, {n})"]),
    ("select_list(*) view_query(*) create_view(*) normalize_table(*)", [
        "SELECT sum(length(normfreeze.select_list(CASE WHEN g > 0 THEN 'wide' END, 't'))) FROM generate_series(1, {n}) AS g",
        "SELECT count(*) FROM normfreeze.normalize_table('points', 'points', '{{}}') AS t (a float8, b float8, c float8), generate_series(1, {n})"]),
]
# one row, or a few, whatever they are given
BRIEF = """refuse_*(*) require_library(*) grant_to_owner(*) give_to_owner() promote(*) rollback(*) demote(*) retire(*) allow_stage(*) disallow_stage(*) register_use(*) purge_profile(*) scaler(*) scaler_id(*) stage_as_of(*)
    feature_names(*) methods() method(*) constraint_definition(*) json_*(*) value_of_*(*) subtract_*(*) multiply*(*) divide*(*) *_support(*)"""

FUNCTIONS = """
    SELECT proname || '(' || (SELECT coalesce(string_agg(format_type(type, NULL), ', ' ORDER BY i), '') FROM unnest(proargtypes) WITH ORDINALITY AS u(type, i)) || ')'
    FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND extname = 'normfreeze' ORDER BY 1"""

# all that the registry holds, in a number
STATE = "SELECT " + " || ' ' || ".join(f"(SELECT count(*) FROM normfreeze.{table})" for table in (
    "scalers", "profiles", "versions", "stage_log", "members", "stage_access_log", "drift_log", "use_log", "purge_log", "archive_log"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


class Running:
    """A statement in a backend of its own, in a transaction that is rolled back."""

    def __init__(self, server):
        self.connection = psycopg.connect(server.conninfo(), autocommit=True)
        self.connection.execute("LOAD 'normfreeze'; SET max_parallel_workers_per_gather = 0; SET jit = off; SET client_min_messages = error; SET normfreeze.fit_memory = '1GB'")
        self.pid = self.connection.info.backend_pid

    def run(self, statement, when=None, act=None):
        """(rows or the error, CPU seconds, CPU seconds since act was called, or None if it was not)."""
        result = []

        def work():
            try:
                self.connection.execute("BEGIN")
                result.append(self.connection.execute(statement).fetchall())
            except psycopg.Error as error:
                result.append(error)

        start = cpu_seconds(self.pid)
        thread = threading.Thread(target=work)
        thread.start()
        acted = used = None
        while thread.is_alive():
            thread.join(0.002)
            try:
                used = cpu_seconds(self.pid)
            except OSError:                 # it was terminated
                break
            if when is not None and acted is None and used - start >= when:
                acted = used
                act(self)
        thread.join()
        try:
            used = cpu_seconds(self.pid)
            self.connection.execute("ROLLBACK")
        except (OSError, psycopg.Error):
            pass
        return result[0], (used or start) - start, used - acted if acted is not None and used is not None else None

    def close(self):
        self.connection.close()


def tests_of(server):
    def every_function_has_a_row():
        signatures = server.query(FUNCTIONS).splitlines()
        patterns = [pattern for patterns, _ in LONG for pattern in patterns.split()] + BRIEF.split()
        check_equal([s for s in signatures if not any(fnmatch.fnmatchcase(s, pattern) for pattern in patterns)], [], "functions without a row")
        check_equal([pattern for pattern in patterns if not any(fnmatch.fnmatchcase(s, pattern) for s in signatures)], [], "rows without a function")

    def locks(pid):
        """What a backend holds but the lock of its own transaction."""
        return server.query(f"SELECT count(*) FROM pg_locks WHERE pid = {pid} AND locktype <> 'virtualxid'")

    def interrupt(statement, seconds, whole):
        """Cancelled at each place: soon over, nothing held, and the same session gives the same answer."""
        label = statement[:110]
        for place in PLACES:
            for sooner in range(5):         # a statement may be over before it is reached: times vary
                session = Running(server)
                result, _, late = session.run(statement, seconds * place * 0.8 ** sooner, lambda running: running.connection.cancel())
                if late is not None and isinstance(result, psycopg.Error):
                    break
                session.close()
            else:
                check(False, "it can be cancelled", f"{label}: it ended, or took no time")
                return
            check_equal(result.sqlstate, "57014", f"cancelled at {place}: {label}")
            check(late <= MOST_SECONDS, "from cancel to end", f"{late:.2f} s of {seconds:.2f}: {label}")
            check_equal(locks(session.pid), "0", f"no lock is kept: {label}")
            if place == PLACES[0]:
                check_equal(session.run(statement)[0], whole, f"the session goes on, with the same answer: {label}")
            session.close()

    def terminate(statement, seconds):
        label = statement[:110]
        session = Running(server)
        result, _, _ = session.run(statement, seconds * 0.6, lambda running: server.query(f"SELECT pg_terminate_backend({running.pid})"))
        if isinstance(result, psycopg.Error):
            check_equal(result.sqlstate, "57P01", f"terminated: {label}")
        wait_until(lambda: locks(session.pid) == "0", f"no lock is left: {label}", 20)
        session.close()

    def long_enough(template):
        """(the statement, its answer, the CPU seconds it takes)."""
        n = 1
        for _ in range(5):
            statement = template.format(n=n)
            session = Running(server)
            whole, seconds, _ = session.run(statement)
            session.close()
            if isinstance(whole, psycopg.Error) or seconds >= LEAST or "{n}" not in template:
                break
            n = int(n * min(50, 2 * LEAST / max(seconds, 0.01))) + 1
        if "--verbose" in sys.argv:
            print(f"{seconds:5.2f} s  {statement[:150]}", flush=True)
        return statement, whole, seconds

    def interrupted_functions():
        before = server.query(STATE)
        for _, templates in LONG:
            for template in templates:
                statement, whole, seconds = long_enough(template)
                # PMML documents need a server that was built with libxml
                if isinstance(whole, psycopg.errors.FeatureNotSupported) and "libxml" in str(whole):
                    continue
                if check(not isinstance(whole, psycopg.Error), "it runs", f"{whole}: {statement}"):
                    interrupt(statement, seconds, whole)
                    terminate(statement, seconds)
        check_equal(server.query(STATE), before, "nothing is left in the registry")
        check_equal(server.query("SELECT count(*) FROM pg_ls_tmpdir()"), "0", "no temporary file is left")
        check_equal(failed_checks(server), "", "verify()")

    def a_timeout_is_as_a_cancel():
        for statement in [template.format(n=100) for patterns, templates in LONG if patterns in ("import_name(*)", "freeze(*)") for template in templates]:
            with Session(server) as session:
                output = session.do(f"BEGIN; SET LOCAL statement_timeout = 30; {statement}")
                check_equal(sqlstate(output), "57014", f"statement_timeout: {statement[:80]}")
                session.do("ROLLBACK")
                check_equal(session.query("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'relation')"), "0", "no lock is kept")

    yield from (every_function_has_a_row, interrupted_functions, a_timeout_is_as_a_cancel)


def lost_connection_tests(server):
    def a_client_that_is_gone_in_the_middle_of_an_import():
        """psql is killed while import_name runs, and while a transaction waits that has imported."""
        before = server.query(STATE)
        lost = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%''lost''%' AND pid <> pg_backend_pid()"
        imports = "SELECT count(*) FROM normfreeze.import_name((SELECT e FROM exported), 'lost', stages => true);"
        for statement, wait in ((imports, 0.05), (f"BEGIN; {imports} SELECT pg_sleep(60);", 1.5)):
            # a gate before the import: it begins when this session opens it, so that none ends before it is seen
            with Session(server) as gate:
                gate.query("SELECT pg_advisory_lock(17)")
                client = subprocess.Popen([server.installation.bindir / "psql", "-X", "-c", "SET client_connection_check_interval = '200ms'",
                                           "-c", f"SELECT pg_advisory_lock_shared(17); BEGIN; {statement} ROLLBACK"],
                                          env=server.environment(), cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_until(lambda: server.query(f"{lost} AND wait_event = 'advisory'") == "1", "the import is about to begin")
                gate.query("SELECT pg_advisory_unlock(17)")
                time.sleep(wait)
                client.kill()
                client.wait()
            wait_until(lambda: server.query(lost) == "0", "its backend ends")
            check_equal(server.query(STATE), before, "nothing of it is there")
        check_equal(server.query("SELECT action, count(*) FROM normfreeze.import_name((SELECT e FROM exported), 'lost', stages => true) GROUP BY 1").splitlines()[0].split("|")[1], str(300 * SIZE), "the name is free: the whole import follows")
        check_equal(failed_checks(server), "", "verify() after it")

    yield a_client_that_is_gone_in_the_middle_of_an_import


# A library that lets writes below a folder fail with ENOSPC while a file says so: neither a file system nor root is needed.
FULL_DISK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
/* Whether the disk is full, and the descriptor is of a file that is kept in the data directory. */
static int full(int fd)
{
	char link[64], path[512];
	ssize_t length;

	if (access(getenv("FULL_DISK"), F_OK) != 0) return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length <= 0) return 0;
	path[length] = 0;
	return strstr(path, "/base/") != NULL || strstr(path, "/pgsql_tmp") != NULL;
}
#define FAILS(fd) if (full(fd)) { errno = ENOSPC; return -1; }
#define NEXT(type, name) static type next; if (!next) next = (type) dlsym(RTLD_NEXT, name);
typedef ssize_t (*Pwrite) (int, const void *, size_t, off_t);
typedef ssize_t (*Pwritev) (int, const struct iovec *, int, off_t);
typedef int (*Fallocate) (int, off_t, off_t);
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { NEXT(Pwrite, "pwrite") FAILS(fd) return next(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t o) { NEXT(Pwrite, "pwrite64") FAILS(fd) return next(fd, b, n, o); }
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t o) { NEXT(Pwritev, "pwritev") FAILS(fd) return next(fd, v, n, o); }
ssize_t pwritev64(int fd, const struct iovec *v, int n, off_t o) { NEXT(Pwritev, "pwritev64") FAILS(fd) return next(fd, v, n, o); }
int posix_fallocate(int fd, off_t o, off_t n) { NEXT(Fallocate, "posix_fallocate") if (full(fd)) return ENOSPC; return next(fd, o, n); }
int posix_fallocate64(int fd, off_t o, off_t n) { NEXT(Fallocate, "posix_fallocate64") if (full(fd)) return ENOSPC; return next(fd, o, n); }
"""


def full_disk_tests(installation):
    """Tables that cannot grow while names are frozen, promoted and imported: an error, nothing half-done, and it goes on once there is room."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="normfreeze-full-"))
    os.chmod(folder, 0o777)
    (folder / "full_disk.c").write_text(FULL_DISK)
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", folder / "full_disk.so", folder / "full_disk.c", "-ldl"], check=True)
    os.chmod(folder / "full_disk.so", 0o755)
    os.environ.update(FULL_DISK=str(folder / "full"), LD_PRELOAD=str(folder / "full_disk.so"))
    try:
        server = Server(installation, "full", {"shared_buffers": "64MB", "fsync": "on", "bgwriter_lru_maxpages": 0}).start()
    finally:
        del os.environ["LD_PRELOAD"]
    full = folder / "full"

    def freeze(first, n):
        return (f"DO $$ BEGIN FOR i IN {first} .. {first + n - 1} LOOP PERFORM normfreeze.freeze('full', (SELECT normfreeze.fit(ARRAY[v, v * i], 'standard') "
                f"FROM generate_series(1, 200) AS v)); PERFORM normfreeze.promote('full', i, force => true); END LOOP; END $$")

    def no_space():
        server.query("CREATE EXTENSION normfreeze")
        server.query(freeze(1, 5))
        before = server.query(STATE)
        exported = server.query("SELECT jsonb_agg(e) FROM normfreeze.export_name('full') AS e").replace("'", "''")
        # from PostgreSQL 19 on a scan may write the visibility map, which VACUUM makes
        server.query("VACUUM")
        server.query("CHECKPOINT")
        full.touch()
        os.chmod(full, 0o644)
        for what, statement in (("freeze", freeze(6, 200)), ("fit", "SELECT normfreeze.freeze('wide', normfreeze.fit(ARRAY(SELECT sin(i * k) FROM generate_series(1, 16000) AS k), 'standard')) FROM generate_series(1, 9) AS i"),
                                ("import_name", f"SELECT count(*) FROM generate_series(1, 40) AS g, normfreeze.import_name('{exported}'::jsonb, 'copy' || g) AS i")):
            error = server.error(statement)
            check(sqlstate(error) in ("53100", "58030"), f"{what}: a full disk is said", error[:300])
            check_equal(server.query(STATE), before, f"{what}: nothing is there")
            check_equal(server.query("SELECT normfreeze.scaler_id('full') IS NOT NULL"), "t", f"{what}: what is there can be read")
        full.unlink()
        server.query(freeze(6, 50))
        check_equal(server.query("SELECT max(version), count(*) FROM normfreeze.versions WHERE name = 'full'"), "55|55", "with room again: no gap")
        check_equal(failed_checks(server), "", "verify() after a full disk")
        full.touch()
        os.chmod(full, 0o644)
        server.error(freeze(56, 200))
        full.unlink()
        server.stop("immediate")
        server.start()
        check_equal(server.query("SELECT max(version), count(*) FROM normfreeze.versions WHERE name = 'full'"), "55|55", "after a restart")
        check_equal(failed_checks(server), "", "verify() after a restart")

    try:
        run_tests([no_space])
    finally:
        server.remove()
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def scenario(installation):
    with Server(installation, "interrupted", {"shared_buffers": "128MB", "max_wal_size": "4GB"}) as server:
        server.query(SETUP)
        run_tests(tests_of(server))
        run_tests(lost_connection_tests(server))
    full_disk_tests(installation)


if __name__ == "__main__":
    run_scenario(scenario)
