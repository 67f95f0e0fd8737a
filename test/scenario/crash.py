"""Killed and cancelled backends, exactness at size, and the memory that large work needs."""

import os
import re
import signal
import threading
import time

from common import (Server, Session, check, check_equal, check_error, failed_checks, freeze, prepare, run_scenario,
                    run_tests, sqlstate)

METHODS = ("standard", "minmax", "maxabs", "robust")

# deterministic, with ties, wide exponents, cancelling signs and missing values; no libm
POINTS = """
CREATE TABLE points AS
    SELECT i AS id,
           mod(i * 2654435761, 1000003) / 997.0::float8 AS a,
           (mod(i * 40503, 65537) - 32768) * 1e-7::float8 AS b,
           mod(i * 7919, 104729) * 1e15::float8 * (CASE WHEN mod(i, 2) = 0 THEN 1 ELSE -1 END) AS c,
           mod(i, 10)::float8 AS d,
           CASE WHEN mod(i, 13) = 0 THEN NULL WHEN mod(i, 17) = 0 THEN 'NaN' ELSE i / 3.0::float8 END AS e,
           0.1::float8 AS f,
           mod(i * 15485863, 32452843)::int AS g,
           mod(i * 6700417, 1299709) / 7.0::float4 AS h
    FROM generate_series(1, 200000::bigint) AS i;
ANALYZE points;
"""


def fingerprints_sql(source="points", row="t", settings=""):
    """SQL for the fingerprint and id of a fit by every method."""
    options = '{"exclude": ["id"]}'
    columns = ", ".join(f"normfreeze.fingerprint(s.{m}), normfreeze.id_of(s.{m})" for m in METHODS)
    fits = ", ".join(f"normfreeze.fit({row}, '{m}', '{options}') AS {m}" for m in METHODS)
    return f"{settings} SELECT {columns} FROM (SELECT {fits} FROM {source} AS t) AS s"


def peak_memory(pid):
    """The peak resident memory of a process, in MB: (all of it, what it has of its own)."""
    status = open(f"/proc/{pid}/status").read()
    peak = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024
    shared = int(re.search(r"RssShmem:\s+(\d+)", status).group(1)) / 1024
    return peak, peak - shared


KILLED = "was terminated by signal 9"
killed = 0


def wait_for_recovery(server, seconds=90):
    """Until the server has noticed that a backend was killed, and is there again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        log = (server.folder / "log").read_text()
        noticed = log.rfind(KILLED)
        if log.count(KILLED) == killed and log.find("ready to accept connections", noticed) > 0 and server.psql("SELECT 1", check=False).returncode == 0:
            return
        time.sleep(0.1)
    check(False, "the server recovers", f"not within {seconds} s")


def kill(pid):
    global killed
    killed += 1
    os.kill(pid, signal.SIGKILL)


# ---- killed and cancelled ----

def crash_tests(server):
    prepare(server)
    first = freeze(server, "churn", "standard")
    long_fit = "SELECT normfreeze.fit(ARRAY[i, i * 0.5], 'robust') FROM generate_series(1, 100000000) AS i"

    def killed_during_an_uncommitted_freeze():
        with Session(server) as session:
            pid = session.backend()
            lost = session.query("BEGIN; SELECT normfreeze.freeze('churn', normfreeze.fit(ARRAY[age, income], 'minmax')) FROM customers")
            session.query("SELECT normfreeze.promote('churn', 2)")
            kill(pid)
            session.do("SELECT 1")
        wait_for_recovery(server)
        check_equal(server.query("SELECT string_agg(version::text, ' ') FROM normfreeze.versions"), "1", "no version 2")
        check_equal(server.query("SELECT count(*) FROM normfreeze.scalers"), "1", "no scaler")
        check_equal(server.query("SELECT count(*) FROM normfreeze.profiles"), "1", "no profile")
        check_equal(server.query("SELECT count(*) FROM normfreeze.stage_log"), "0", "no entry of the log")
        check_error(server.error(f"SELECT normfreeze.normalize(ARRAY[1, 2], {lost})"), "42704", "its id is unknown")
        check_equal(server.query("SELECT normfreeze.freeze('churn', normfreeze.fit(ARRAY[age, income], 'minmax')) FROM customers"),
                    lost, "frozen again it has the same id")
        check_equal(server.query(f"SELECT version FROM normfreeze.versions WHERE scaler_id = {lost}"), "2", "as version 2")
        check_equal(failed_checks(server), "", "verify() after recovery")

    def killed_during_a_fit():
        with Session(server) as session:
            pid = session.backend()
            session.send(f"SELECT normfreeze.freeze('churn', ({long_fit}))")
            time.sleep(1)
            check_equal(server.query(f"SELECT state FROM pg_stat_activity WHERE pid = {pid}"), "active", "the fit is running")
            kill(pid)
            session.result()
        wait_for_recovery(server)
        check_equal(server.query("SELECT max(version) FROM normfreeze.versions"), "2", "nothing of it is there")
        third = freeze(server, "churn", "robust")
        check_equal(server.query(f"SELECT version FROM normfreeze.versions WHERE scaler_id = {third}"), "3", "version 3 comes next")
        check_equal(failed_checks(server), "", "verify() after recovery")

    def the_whole_server_killed():
        server.query("SELECT normfreeze.promote('churn', 1)")
        server.configure(fsync="on")
        with Session(server) as session:
            session.query("BEGIN; SELECT normfreeze.promote('churn', 2, force => true)")
            server.stop("immediate")
        server.start()
        check_equal(server.query("SELECT normfreeze.scaler_id('churn')"), first, "the committed stage")
        check_equal(failed_checks(server), "", "verify() after an immediate stop")

    def prepared_transactions_hold_the_name():
        """Two-phase commit: the number is taken until it is decided, over a restart too."""
        server.query("BEGIN; SELECT normfreeze.freeze('twice', normfreeze.fit(ARRAY[age], 'standard')) FROM customers; PREPARE TRANSACTION 'p'")
        server.stop("immediate")
        server.start()
        other = "SELECT normfreeze.freeze('twice', normfreeze.fit(ARRAY[income], 'standard')) FROM customers"
        check_error(server.error("SET lock_timeout = '300ms';" + other), "55P03", "the name is locked after restart")
        server.query("COMMIT PREPARED 'p';" + other)
        check_equal(server.query("SELECT string_agg(version::text, ' ' ORDER BY version) FROM normfreeze.versions WHERE name = 'twice'"),
                    "1 2", "numbered in order")

    def promptly(name, seconds, states=("57014",)):
        def verdict(output, elapsed):
            check(sqlstate(output) in states, name, output[:300])
            check(elapsed < seconds, f"{name}: promptly", f"after {elapsed:.1f} s")
        return verdict

    def statement_timeout_stops_a_fit():
        for fit in (long_fit, "SELECT normfreeze.fit_table('endless', 'standard')", "SELECT normfreeze.profile(e) FROM endless AS e"):
            server.query("CREATE OR REPLACE VIEW endless AS SELECT i::float8 AS i FROM generate_series(1, 1000000000) AS i")
            with Session(server) as session:
                start = time.monotonic()
                output = session.do(f"SET statement_timeout = '700ms'; SELECT length(x::text) FROM ({fit}) AS f(x)")
                promptly(f"statement_timeout stops {fit[:60]}", 20)(output, time.monotonic() - start)

    def cancel_stops_a_fit_and_the_session_goes_on():
        with Session(server) as session:
            pid = session.backend()
            session.send(long_fit)
            time.sleep(0.7)
            start = time.monotonic()
            check_equal(server.query(f"SELECT pg_cancel_backend({pid})"), "t", "cancelled")
            promptly("pg_cancel_backend stops a fit", 20)(session.result(), time.monotonic() - start)
            check_equal(session.query("SELECT normfreeze.id_of(normfreeze.fit(c, 'standard', '{\"exclude\": [\"id\"]}')) FROM customers AS c"),
                        first, "the session goes on and fits")

    def cancel_stops_the_end_of_a_fit():
        """Exact quantiles sort what they hold at the end: that can be stopped, too."""
        with Session(server) as session:
            session.query("SET normfreeze.fit_memory = '2GB'; SET work_mem = '1GB'; CREATE TEMP TABLE v AS "
                          "SELECT ARRAY[i * 2654435761 % 1000003, i * 40503 % 65537]::float8[] AS x FROM generate_series(1, 1500000::bigint) AS i")
            start = time.monotonic()
            session.query("SELECT normfreeze.id_of(normfreeze.fit(x, 'robust')) FROM v")
            whole = time.monotonic() - start

            def late(part):
                start = time.monotonic()
                session.do(f"SET statement_timeout = {max(1, int(whole * part * 1000))}; SELECT normfreeze.id_of(normfreeze.fit(x, 'robust')) FROM v")
                return time.monotonic() - start - whole * part

            # what cannot be stopped is late each time, what a busy machine delays is not
            latest = max(min(late(part) for _ in range(3)) for part in (0.6, 0.85, 0.95))
            check(latest < 1, "a timeout at any part of a fit", f"{latest:.2f} s late, of {whole:.2f} s")

    def too_much_for_fit_memory_is_an_error():
        output = server.error("SET normfreeze.fit_memory = '1MB'; SELECT normfreeze.fit(ARRAY[i, i], 'robust') FROM generate_series(1, 1000000) AS i")
        check("fit_table" in output and "histogram" in output, "the error names the alternatives", output[:500])
        check(sqlstate(output) != "XX000", "with an SQLSTATE of its own", output[:200])

    yield from (killed_during_an_uncommitted_freeze, killed_during_a_fit, the_whole_server_killed, prepared_transactions_hold_the_name,
                statement_timeout_stops_a_fit, cancel_stops_a_fit_and_the_session_goes_on, cancel_stops_the_end_of_a_fit,
                too_much_for_fit_memory_is_an_error)


# ---- one answer, however it is computed ----

def exactness_tests(server):
    server.query(POINTS)
    serial = "SET max_parallel_workers_per_gather = 0;"
    right = server.query(fingerprints_sql(settings=serial))

    def with_parallel_workers():
        check_equal(len(set(right.split("|"))), 8, "four methods, four scalers")
        for workers in (1, 2):
            settings = (f"SET max_parallel_workers_per_gather = {workers}; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
                        "SET min_parallel_table_scan_size = 0;")
            plan = server.query(settings + "EXPLAIN (ANALYZE, COSTS off, TIMING off) " + fingerprints_sql())
            check(f"Workers Launched: {workers}" in plan and "Partial Aggregate" in plan, f"{workers} workers take part", plan)
            check_equal(server.query(fingerprints_sql(settings=settings)), right, f"with {workers} workers")

    def in_twenty_orders():
        """Ten seeds on all rows would take long: each order is of a fifth of them, two at a time."""
        part = "(SELECT * FROM points WHERE id %% 5 = 0 %s OFFSET 0)"
        wanted = server.query(fingerprints_sql(part % "ORDER BY id", settings=serial))
        failed = []

        def try_seeds(seeds):
            for seed in seeds:
                order = f"ORDER BY md5(id::text || {seed})"
                if server.query(fingerprints_sql(part % order, settings=serial)) != wanted:
                    failed.append(seed)

        threads = [threading.Thread(target=try_seeds, args=(range(start, 20, 2),)) for start in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check_equal(failed, [], "20 shuffled orders of 40,000 rows")

    def in_two_orders_of_all_rows():
        for seed in ("x", "y"):
            shuffled = f"(SELECT * FROM points ORDER BY md5(id || '{seed}') OFFSET 0)"
            check_equal(server.query(fingerprints_sql(shuffled, settings=serial + "SET work_mem = '200MB';")), right,
                        f"200,000 rows in the order of {seed}")

    def merged_from_three_parts():
        """merge() of three profiles is the profile of all rows; what is fitted from it, too."""
        check_equal(server.query("""
            SELECT normfreeze.profile_digest(m) = normfreeze.profile_digest(w), m = w FROM
                (SELECT normfreeze.merge(p ORDER BY k DESC) AS m FROM (SELECT id % 3 AS k, normfreeze.profile(t, '{a,b,c,d,e,f,g,h}'::text[]) AS p
                    FROM points AS t GROUP BY 1) AS parts) AS merged,
                (SELECT normfreeze.profile(t, '{a,b,c,d,e,f,g,h}'::text[]) AS w FROM points AS t) AS whole"""), "t|t", "three parts merged")
        for method in METHODS:
            options = '{"quantiles": "histogram"}' if method == "robust" else "{}"
            got = server.query(f"""
                SELECT normfreeze.fingerprint(normfreeze.fit(normfreeze.merge(p), '{method}', '{options}')) FROM
                    (SELECT normfreeze.profile(t, '{{a,b,c,d,e,f,g,h}}'::text[]) AS p FROM points AS t GROUP BY id % 3) AS parts""")
            wanted = server.query(f"""SELECT normfreeze.fingerprint(normfreeze.fit(t, '{method}',
                '{options}'::jsonb || '{{"columns": ["a","b","c","d","e","f","g","h"]}}')) FROM points AS t""")
            check_equal(got, wanted, f"{method} of merged profiles")

    def in_another_database():
        other = server.new_database("other")
        server.query("CREATE EXTENSION normfreeze;" + POINTS, other)
        check_equal(server.query(fingerprints_sql(settings=serial), other), right, "another database")

    def by_fit_table():
        got = "|".join(server.query(f"""SELECT normfreeze.fingerprint(s), normfreeze.id_of(s)
            FROM normfreeze.fit_table('points', '{method}', '{{"exclude": ["id"]}}') AS s""") for method in METHODS)
        check_equal(got, right, "fit_table()")

    def one_value_more_or_less_is_seen():
        check(server.query(fingerprints_sql("(SELECT * FROM points WHERE id < 200000)", settings=serial)) != right,
              "a row less gives other fingerprints")

    yield from (with_parallel_workers, in_twenty_orders, in_two_orders_of_all_rows, merged_from_three_parts, in_another_database,
                by_fit_table, one_value_more_or_less_is_seen)


# ---- size ----

def size_tests(server):
    def a_hundred_thousand_groups():
        """All groups at once in a hash table; and with little work_mem, spilling."""
        server.query("""CREATE TABLE grouped AS SELECT g, ARRAY[g, i, g * i, i * 0.5] AS x
            FROM generate_series(1, 3) AS i, generate_series(1, 100000) AS g ORDER BY md5(g::text || i); ANALYZE grouped""")
        digests = set()
        for method, work_mem, groups, limit in (("standard", "4MB", 100000, 300), ("robust", "4MB", 100000, 300),
                                                ("robust", "4GB", 5000, 100), ("standard", "4GB", 100000, 1200)):
            with Session(server) as session:
                pid = session.backend()
                session.query(f"SET work_mem = '{work_mem}'; SET enable_sort = off; SET normfreeze.fit_memory = '4GB'; "
                              "SET max_parallel_workers_per_gather = 0; SET jit = off")
                fits = f"SELECT g, normfreeze.id_of(normfreeze.fit(x, '{method}')) AS id FROM grouped WHERE g <= {groups} GROUP BY g"
                check("HashAggregate" in session.query("EXPLAIN " + fits), "groups are hashed")
                start = time.monotonic()
                output = session.do(f"SET statement_timeout = '120s'; SELECT count(*), sum(id) + sum(id % g) FROM ({fits}) AS fits")
                peak, own = peak_memory(pid)
                print(f"{method}: {groups} groups x 4 features, work_mem {work_mem}: {time.monotonic() - start:.1f} s, "
                      f"peak {peak:.0f} MB, without shared memory {own:.0f} MB", flush=True)
                if check(output.startswith(f"{groups}|"), f"{groups} {method} scalers with work_mem {work_mem}", output[:200]):
                    digests.add((method, groups, output))
                check(own < limit, f"memory for {groups} groups, {method}, work_mem {work_mem}", f"{own:.0f} MB, not below {limit}")
        check_equal(len(digests), 3, "the same scalers, spilled or not")

    def applying_does_not_leak():
        with Session(server) as session:
            scaler_id = session.query("SELECT normfreeze.freeze('leak', normfreeze.fit(ARRAY[i, 2 * i, i % 7], 'standard')) "
                                      "FROM generate_series(1, 100) AS i")
            query = ("SELECT count(normfreeze.normalize(ARRAY[i, i, NULL], %s)), count(normfreeze.normalize(jsonb_build_object('x', i), 'leakj')) "
                     "FROM generate_series(1, %d) AS i")
            session.query("SELECT normfreeze.freeze('leakj', normfreeze.fit(t, 'standard')) FROM (SELECT i AS x FROM generate_series(1, 9) AS i) AS t;"
                          "SELECT normfreeze.promote('leakj', 1)")
            session.query(query % (scaler_id, 1000))
            before = peak_memory(session.backend())[1]
            session.query(query % (scaler_id, 400000))
            grown = peak_memory(session.backend())[1] - before
            print(f"applying to 400,000 rows: {grown:.1f} MB more", flush=True)
            check(grown < 15, "memory while applying", f"{grown:.0f} MB more")

    def many_scalers_do_not_pile_up():
        """A session that applies thousands of scalers keeps only some of them."""
        with Session(server) as session:
            session.query("""DO $$ BEGIN FOR k IN 1 .. 1500 LOOP
                PERFORM normfreeze.freeze('pile', (SELECT normfreeze.fit(array_fill(i * k + 0.5, '{40}'), 'minmax', '{"distribution": false}')
                                                   FROM generate_series(1, 3) AS i)); END LOOP; END $$""")
        with Session(server) as session:
            session.query("SET normfreeze.scaler_cache_size = '8MB'")
            x = "array_fill(1.5, '{40}')"
            apply = f"DO $$ BEGIN FOR v IN %d .. %d LOOP PERFORM normfreeze.normalize({x}, 'pile@v' || v); END LOOP; END $$"
            session.query(apply % (1, 500))
            before = peak_memory(session.backend())[1]
            session.query(apply % (501, 1500))
            grown = peak_memory(session.backend())[1] - before
            print(f"applying 1,000 more scalers: {grown:.1f} MB more", flush=True)
            check(grown < 10, "scalers that a session no longer uses", f"{grown:.0f} MB more")

    def sixteen_hundred_columns():
        columns = ", ".join(f"c{i} float4" for i in range(1600))
        server.query(f"CREATE TABLE wide ({columns})")
        for k in (1, 2, 3, 5, 9):
            server.query("INSERT INTO wide SELECT " + ", ".join(str((i * 7 + 1) % 50 * k) for i in range(1600)))
        wide = server.query("SELECT normfreeze.freeze('wide', normfreeze.fit(w, 'standard')) FROM wide AS w")
        check_equal(server.query(f"SELECT cardinality(normfreeze.feature_names({wide})), count(*) FROM normfreeze.describe({wide})"), "1600|1600",
                    "1,600 features")
        # k is 1, 2, 3, 5, 9 in every column that is not constant: mean 4, deviation sqrt(8)
        check_equal(server.query(f"""SELECT count(*), count(DISTINCT array_length(z, 1)), max(array_length(z, 1)), bool_and(z[1] = z[3]), bool_or(z[2] <> 0)
            FROM (SELECT normfreeze.normalize(w, {wide}) AS z FROM wide AS w OFFSET 0) AS s"""), "5|1|1600|t|t", "normalize() of 1,600 columns")
        check_equal(server.query(f"""SELECT count(*) FROM wide AS w, unnest(normfreeze.normalize(w, {wide})) WITH ORDINALITY AS u(z, i)
            JOIN normfreeze.describe({wide}) AS d ON d.ordinal = u.i
            WHERE u.z IS DISTINCT FROM ((to_jsonb(w) ->> d.feature)::float4::float8 - d.center) / d.scale"""), "0", "each by its own parameters")
        check_equal(failed_checks(server, argument=wide), "", "verify() of 1,600 features")

    def sixteen_thousand_elements():
        array = "(SELECT array_agg((i * k % 1013) * 0.5 ORDER BY i)::float8[] FROM generate_series(1, 16000) AS i)"
        for method in ("standard", "robust"):
            long = server.query(f"SELECT normfreeze.freeze('long {method}', normfreeze.fit({array}, '{method}')) FROM generate_series(1, 20) AS k")
            check_equal(server.query(f"""WITH row AS MATERIALIZED (SELECT {array} AS x FROM (VALUES (7)) AS v(k)),
                    done AS MATERIALIZED (SELECT x, normfreeze.normalize(x, {long}) AS z, normfreeze.denormalize(normfreeze.normalize(x, {long}), {long}) AS back FROM row)
                SELECT max(u.i), count(*) FILTER (WHERE u.z IS DISTINCT FROM (u.x - d.center) / d.scale), max(abs(u.back - u.x)) < 1e-9
                FROM done AS done, unnest(done.x, done.z, done.back) WITH ORDINALITY AS u(x, z, back, i)
                JOIN normfreeze.describe({long}) AS d ON d.ordinal = u.i"""), "16000|0|t", f"16,000 elements, {method}")
            check_equal(failed_checks(server, argument=long), "", f"verify() of 16,000 features, {method}")

    yield from (a_hundred_thousand_groups, applying_does_not_leak, many_scalers_do_not_pile_up, sixteen_hundred_columns,
                sixteen_thousand_elements)


def scenario(installation):
    with Server(installation, "crash", {"restart_after_crash": "on", "shared_buffers": "256MB"}) as server:
        run_tests(crash_tests(server))
        run_tests(exactness_tests(server))
        run_tests(size_tests(server))


if __name__ == "__main__":
    run_scenario(scenario)
