"""What is done to one scaler or name costs the same in a registry that has grown eightfold.

One session lives through it all, so that the plans that it keeps were made while the registry was empty, or
analyzed when it had a row: nothing is analyzed afterwards.  Every statement is run, counted and rolled back: its
sequential scans and the rows that it reads, which do not depend on the machine; and its time, roughly.
"""

import os
import pathlib
import random
import time

from common import Server, Session, check, check_equal, prepare, run_scenario, run_tests

LARGE = bool(os.environ.get("NORMFREEZE_TEST_ALL"))
START = 1000 if LARGE else 60       # names, versions and entries of the log of one name
TIMES = 8
LOGS = 4000 if LARGE else 400

# one value a scaler is enough, and another mean makes another scaler
def of_values(aggregate, number):
    return f"(SELECT {aggregate} FROM (VALUES ({number} + 1.0), ({number} + 3.5), ({number} + 4.0)) AS v (x))"


def fitted(number):
    return of_values("normfreeze.fit(ROW(x)::one, 'standard')", number)


def profile(number):
    return of_values("normfreeze.profile(ROW(x)::one)", number)


def members(first, last, more=""):
    return (f"(SELECT normfreeze.by_key(k::text, s{more}) FROM "
            f"(SELECT k, {fitted('k')} AS s FROM generate_series({first}, {last}) AS k) AS g)")


COUNT = "SELECT count(*) FROM ({}) AS result"

# names: "hot" has a long log and many versions, "small" has two.  id: of a version of hot, or of small.
FLAT = {
    "freeze a new name": "SELECT normfreeze.freeze('new', {new})",
    "freeze the next version": "SELECT normfreeze.freeze('hot', {new})",
    "freeze again": "SELECT normfreeze.freeze('hot', normfreeze.scaler({hot}))",
    "freeze a set": "SELECT normfreeze.freeze('new', {new_set})",
    "promote": "SELECT normfreeze.promote('hot', 2)",
    "promote by id": "SELECT normfreeze.promote('hot', {hot})",
    "promote, and one is promoted already": "SELECT normfreeze.promote('hot', 1), normfreeze.promote('hot', 1)",
    "promote into a new stage": "SELECT normfreeze.promote('small', 1, 'canary', new_stage => true)",
    "promote into a stage of others": "SELECT normfreeze.promote('small', 1, 'shadow')",
    "roll back": "SELECT normfreeze.rollback('hot')",
    "roll back what was rolled back": "SELECT normfreeze.promote('hot', 1); SELECT normfreeze.promote('hot', 2); "
    "SELECT normfreeze.promote('hot', 3); SELECT normfreeze.rollback('hot'); SELECT normfreeze.rollback('hot')",
    "demote": "SELECT normfreeze.demote('hot', 'production')",
    "roll back what was demoted": "SELECT normfreeze.demote('hot', 'production'); SELECT normfreeze.rollback('hot')",
    "retire": "SELECT normfreeze.retire('hot', 4)",
    "retire what is in a stage": "SELECT normfreeze.promote('hot', 3), normfreeze.retire('hot', 3)",
    "allow_stage": "SELECT normfreeze.allow_stage('production', 'postgres')",
    "disallow_stage": "SELECT normfreeze.allow_stage('shadow', 'postgres'), normfreeze.disallow_stage('shadow', 'postgres')",
    "promote as one on the list": "SELECT normfreeze.allow_stage('production', 'clerk'); SET LOCAL ROLE clerk; SELECT normfreeze.promote('small', 2)",
    "second person": "SET LOCAL normfreeze.require_second_person = on; SET LOCAL SESSION AUTHORIZATION clerk; SELECT normfreeze.promote('small', 2)",
    "register_use": "SELECT normfreeze.register_use({hot}, 'consumer', 'model')",
    "register_use again": "SELECT normfreeze.register_use('small', 'the same', 'model'), normfreeze.register_use('small', 'the same', 'model')",
    "register_use of one who uses all": "SELECT normfreeze.register_use('small', 'job', 'model')",
    "record_drift": "SELECT normfreeze.record_drift({hot}, {live}, 'today')",
    "record_drift again": "SELECT normfreeze.record_drift({hot}, {live}, 'day 1')",
    "record_drift without a label": "SELECT normfreeze.record_drift({small}, {live})",
    "drift": COUNT.format("SELECT * FROM normfreeze.drift({hot}, {live})"),
    "purge_profile": "SELECT normfreeze.purge_profile({small}, 'asked for')",
    "purge_profile of a set": "SELECT normfreeze.purge_profile({set}, 'asked for')",
    "purge_profile and freeze again": "SELECT normfreeze.purge_profile({small}, 'asked for'), normfreeze.freeze('new', normfreeze.scaler({small}))",
    "verify(id)": COUNT.format("SELECT * FROM normfreeze.verify({small})"),
    "verify(id) of a set": COUNT.format("SELECT * FROM normfreeze.verify({set})"),
    "verify(id) of what is purged": "SELECT normfreeze.purge_profile({small}, 'asked for'); " + COUNT.format("SELECT * FROM normfreeze.verify({small})"),
    "report": "SELECT length(normfreeze.report({small}))",
    "export_name": COUNT.format("SELECT * FROM normfreeze.export_name('small')"),
    "import_name": "SELECT count(*) FROM normfreeze.import_name({exported}, 'imported', stages => true)",
    "import_name of what is there": "SELECT count(*) FROM normfreeze.import_name({exported}, 'small', stages => true)",
    "import_name, mirrored": "SELECT count(*) FROM normfreeze.import_name({exported}, 'mirrored', mirror => true)",
    "lineage": COUNT.format("SELECT * FROM normfreeze.lineage('small')"),
    "normalize by name": "SELECT normfreeze.normalize(ARRAY[2.0], 'hot')",
    "normalize by stage": "SELECT normfreeze.normalize(ARRAY[2.0], 'hot@shadow')",
    "normalize by version": "SELECT normfreeze.normalize(ARRAY[2.0], 'hot@v3')",
    "normalize by the latest": "SELECT normfreeze.normalize(ARRAY[2.0], 'hot@latest')",
    "normalize by fingerprint": "SELECT normfreeze.normalize(ARRAY[2.0], 'sha256:{digits}')",
    "normalize by id": "SELECT normfreeze.normalize(ARRAY[2.0], {hot})",
    "normalize by an id as text": "SELECT normfreeze.normalize(ARRAY[2.0], '{hot}')",
    "normalize by key": "SELECT normfreeze.normalize_by_key(ROW(2.0)::one, 'set', '500003')",
    "normalize by a key that is not there": "SELECT normfreeze.normalize_by_key(ROW(2.0)::one, 'open set', 'none')",
    "normalize a row": "SELECT normfreeze.normalize(ROW(2.0)::one, 'hot')",
    "an id at a time": "SELECT normfreeze.scaler_id('hot', 'production', now())",
    "describe": COUNT.format("SELECT * FROM normfreeze.describe('hot')"),
    "diff": COUNT.format("SELECT * FROM normfreeze.diff('hot', 1, 3)"),
    "profile_of": "SELECT normfreeze.profile_of({hot}) IS NULL",
    "an id that is not there": "SELECT normfreeze.normalize(ARRAY[2.0], 4711)",
    "a name that is not there": "SELECT normfreeze.normalize(ARRAY[2.0], 'none')",
    "a stage that is not there": "SELECT normfreeze.normalize(ARRAY[2.0], 'hot@none')",
}

# these look at 256 others at most
OF_OTHERS = {
    "audit": "SELECT normfreeze.audit(ARRAY[x], ARRAY[x * 2.0], {small}) FROM generate_series(1, 20) AS x",
    "audit of a hot name": "SELECT normfreeze.audit(ARRAY[x], ARRAY[x * 2.0], {hot}) FROM generate_series(1, 20) AS x",
}
MOST_ROWS_OF_OTHERS = 257 * 8

# these read versions or entries of a name: as many as there are, each once or a few times
OF_ITS_NAME = {
    "roll back time and again": "; ".join(["SELECT normfreeze.rollback('hot')"] * 3),
    "verify(id) of a hot name": COUNT.format("SELECT * FROM normfreeze.verify({hot})"),
    "report of a hot name": "SELECT length(normfreeze.report({hot}))",
    "lineage of a hot name": COUNT.format("SELECT * FROM normfreeze.lineage('hot')"),
    "export_name of a hot name": COUNT.format("SELECT * FROM normfreeze.export_name('hot')"),
}

# these the planner plans for the caller, by the statistics that there are
BY_THE_CALLER = {
    "stages of a name": COUNT.format("SELECT * FROM normfreeze.stages WHERE name = 'small'"),
    "stage_history of a name": COUNT.format("SELECT * FROM normfreeze.stage_history WHERE name = 'small'"),
    "stage_as_of": COUNT.format("SELECT * FROM normfreeze.stage_as_of({small}, now())"),
    "stages of a hot name": COUNT.format("SELECT * FROM normfreeze.stages WHERE name = 'hot'"),
    "stage_history of a hot name": COUNT.format("SELECT * FROM normfreeze.stage_history WHERE name = 'hot'"),
    "stage_as_of of a hot name": COUNT.format("SELECT * FROM normfreeze.stage_as_of({hot}, now())"),
    "the use of a consumer": COUNT.format("SELECT * FROM normfreeze.uses WHERE consumer = 'consumer 7'"),
}

# and this reads everything, by scans if the planner likes
WHOLE = {"verify()": COUNT.format("SELECT * FROM normfreeze.verify()")}

UNSEEN_NULL = ", 'null'"

COUNTERS = """SELECT COALESCE(sum(seq_scan), 0), COALESCE(sum(seq_tup_read), 0) + COALESCE(sum(idx_tup_fetch), 0)
    FROM pg_stat_xact_user_tables WHERE schemaname = 'normfreeze'"""


def prepare_database(server, name):
    server.query(f"CREATE DATABASE {name}")
    prepare(server, name)
    server.query("""CREATE TYPE one AS (x float8);
        GRANT USAGE ON SCHEMA normfreeze TO clerk; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA normfreeze TO clerk;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA normfreeze TO clerk""", name)


def begin(session):
    """The first rows of everything."""
    session.query(f"""
        SELECT normfreeze.freeze('small', {fitted(-5)}), normfreeze.freeze('small', {fitted(-6)});
        SELECT normfreeze.promote('small', 1), normfreeze.promote('small', 2), normfreeze.promote('small', 1, 'shadow', new_stage => true);
        SELECT normfreeze.freeze('set', {members(500001, 500005)}), normfreeze.promote('set', 1);
        SELECT normfreeze.freeze('open set', {members(600001, 600005, UNSEEN_NULL)}), normfreeze.promote('open set', 1)""")


def fill(session, first, last):
    """Names, versions, entries of logs and purges with these numbers."""
    numbers = f"generate_series({first}, {last}) AS i"
    session.query(f"""
        SELECT count(normfreeze.freeze('name' || i, {fitted('i')})), count(normfreeze.promote('name' || i, 1)) FROM {numbers};
        SELECT count(normfreeze.promote('name' || i, 1, 'shadow')) FROM {numbers} WHERE i % 7 = 0;
        SELECT count(normfreeze.freeze('hot', {fitted('i + 1000000')})) FROM {numbers};
        SELECT count(normfreeze.promote('hot', i % 3 + 1)), count(normfreeze.promote('hot', i % 3 + 1, 'shadow')) FROM {numbers} WHERE i > 2;
        SELECT count(normfreeze.rollback('hot')), count(normfreeze.promote('hot', i % 3 + 1)), count(normfreeze.retire('hot', i))
          FROM {numbers} WHERE i > 8 AND i % 5 = 0;
        SELECT normfreeze.promote('hot', 1), normfreeze.promote('hot', 2), normfreeze.promote('hot', 3);
        SELECT count(normfreeze.register_use('name' || i, 'job', 'model')) FROM {numbers};
        SELECT count(normfreeze.register_use('hot@v' || i % 3 + 1, 'consumer ' || i, 'model')) FROM {numbers} WHERE i > 2;
        SELECT count(normfreeze.register_use('hot@v' || i % 3 + 1, 'consumer', 'kind ' || i)) FROM {numbers} WHERE i > 2;
        SELECT count(normfreeze.record_drift('hot@v1', {profile('i')}, 'day ' || i)) FROM {numbers};
        SELECT count(normfreeze.purge_profile(normfreeze.scaler_id('name' || i), 'old')) FROM {numbers} WHERE i % 5 = 0;
        SELECT count(normfreeze.allow_stage('stage ' || i, 'clerk', new_stage => true)) FROM {numbers} WHERE i % 5 = 0""")


def statements(session):
    """All of them, with ids in their places."""
    words = {
        "new": fitted(-100), "new_set": members(700001, 700003), "live": profile(3),
        "hot": session.query("SELECT normfreeze.scaler_id('hot@v1')"),
        "small": session.query("SELECT normfreeze.scaler_id('small@v2')"),
        "set": session.query("SELECT normfreeze.scaler_id('set')"),
        "digits": session.query("SELECT substr(fingerprint, 1, 20) FROM normfreeze.scalers WHERE scaler_id = normfreeze.scaler_id('hot@v2')"),
        "exported": "(SELECT jsonb_agg(e) FROM normfreeze.export_name('small') AS e)",
    }
    return {name: sql.format(**words) for name, sql in {**FLAT, **OF_OTHERS, **OF_ITS_NAME, **BY_THE_CALLER, **WHOLE}.items()}


def cpu_seconds(backend):
    """What a process has computed: other processes do not matter, where the kernel tells."""
    try:
        return int(pathlib.Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return time.perf_counter()


def measured(session, backend, sql):
    """Sequential scans, rows that were read, seconds."""
    session.query("BEGIN")
    before = [int(number) for number in session.query(COUNTERS).split("|")]
    session.query("SAVEPOINT before")
    start = cpu_seconds(backend)
    output = session.do(sql)
    elapsed = cpu_seconds(backend) - start
    session.query("ROLLBACK TO before")
    after = [int(number) for number in session.query(COUNTERS).split("|")]
    session.query("ROLLBACK")
    return after[0] - before[0], after[1] - before[1], elapsed, output


def all_measured(session, repeats):
    """Of every statement the scans, the rows, and the least time."""
    found, backend = {}, session.backend()
    for name, sql in statements(session).items():
        runs = [measured(session, backend, sql) for _ in range(repeats)]
        expected = name.endswith("not there") and not name.startswith("normalize by a key")
        if ("ERROR:" in runs[-1][3]) != expected:
            check(False, f"{name} runs", runs[-1][3])
        found[name] = (max(run[0] for run in runs), max(run[1] for run in runs), min(run[2] for run in runs))
    return found


def life(server, name, analyzed):
    """A registry from its first row to its last, in one session."""
    prepare_database(server, name)
    with Session(server, name) as session:
        begin(session)
        fill(session, 1, 8)
        if analyzed:
            session.query("ANALYZE")
        all_measured(session, 1)
        fill(session, 9, START)
        few = all_measured(session, 2)
        before = time.perf_counter()
        fill(session, START + 1, START * TIMES)
        filled = time.perf_counter() - before
        many = all_measured(session, 2)
    when = "plans of an analyzed table of few rows" if analyzed else "plans of an empty table"
    if os.environ.get("NORMFREEZE_TEST_VERBOSE"):
        print(f"filled in {filled:.1f} s")
    for statement in few:
        judge(f"{statement}: {when}", statement, few[statement], many[statement])


def judge(label, statement, few, many):
    if os.environ.get("NORMFREEZE_TEST_VERBOSE"):
        print(f"{label:90} {few[0]:4} {many[0]:4} scans {few[1]:7} {many[1]:7} rows {few[2] * 1000:8.1f} {many[2] * 1000:8.1f} ms")
    rows = f"{few[1]} rows, then {many[1]}"
    times = f"{few[2] * 1000:.1f} ms, then {many[2] * 1000:.1f}"
    if statement in WHOLE or statement in BY_THE_CALLER:
        check(many[1] <= few[1] * TIMES * 2 + 1000, f"{label}: reads each row a few times", rows)
    else:
        check_equal(f"{few[0]} {many[0]}", "0 0", f"{label}: no sequential scans")
    if statement in FLAT:
        check(many[1] <= few[1] * 1.1 + 30, f"{label}: reads no more rows", rows)
        check(many[2] <= few[2] * 3 + 0.01, f"{label}: takes no longer", times)
    else:
        check(many[2] <= few[2] * TIMES * 2 + 0.02, f"{label}: takes no longer a row", times)
    if statement in OF_OTHERS:
        check(many[1] <= MOST_ROWS_OF_OTHERS, f"{label}: reads the rows of 256 others at most", rows)
    if statement in OF_ITS_NAME:
        check(many[1] <= few[1] * TIMES * 1.5 + 50, f"{label}: reads each row of its name a few times", rows)


# ---- the meaning of a rollback, whose log is read from its end ----

def version_below(log, retired):
    """What a rollback goes to, by the whole log from its beginning: a stack of promotions."""
    stack, demoted = [], False
    for action, version in log:
        if action == "promote":
            stack = ([] if demoted else stack) + [version]
        elif action == "rollback":
            while stack and stack[-1] != version:
                stack.pop()
        demoted = action == "demote"
    for version in reversed(stack):
        if version not in retired and (demoted or version != stack[-1]):
            return version
    return 0


def is_on_stack(log, version):
    return version_below(log + [("rollback", version), ("demote", version)], set()) == version


def random_log(choice):
    """Entries of a stage, with whether each is imported: a rollback that is not goes to what is on the stack."""
    log, imported = [], []
    weights = choice.choice([(5, 3, 1), (2, 5, 0), (1, 1, 1), (9, 1, 1)])
    versions = range(1, choice.randint(1, 6) + 1)
    for _ in range(choice.randint(0, 80)):
        action = choice.choices(("promote", "rollback", "demote"), weights)[0]
        version = choice.choice(versions)
        here = action != "rollback" or is_on_stack(log, version)
        imported.append(choice.random() < 0.2 or not here)
        log.append((action, version))
    return log, imported


def rollbacks_mean_the_same(server):
    """Several rollbacks in a row after random logs, among entries of another stage."""
    choice = random.Random(20261129)
    prepare_database(server, "logs")
    server.query(f"""SELECT normfreeze.freeze('six', {fitted('i')}) FROM generate_series(1, 6) AS i;
        CREATE FUNCTION rolled_back(name text) RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM normfreeze.rollback(name);
            RETURN (SELECT l.version FROM normfreeze.stage_log AS l WHERE l.name = $1 AND l.stage = 'production' ORDER BY seq DESC LIMIT 1);
        EXCEPTION WHEN object_not_in_prerequisite_state THEN
            RETURN 0;
        END $$""", "logs")
    logs, rows, expected = LOGS, [], []
    for number in range(logs):
        log, imported = random_log(choice)
        retired = {version for version in range(1, 7) if choice.random() < 0.15}
        seq = 0
        for (action, version), origin in zip(log, imported):
            for stage, act in ((choice.choice(["production", "other"]) == "other" and "other", "promote"), ("production", action)):
                if stage:
                    seq += 1
                    rows.append(f"('log {number}', {seq}, '{stage}', {version}, '{act}', {chr(39) + '{}' + chr(39) if origin else 'NULL'}::jsonb)")
        for version in retired:
            seq += 1
            rows.append(f"('log {number}', {seq}, NULL, {version}, 'retire', NULL)")
        results = []
        for _ in range(5):
            below = version_below(log, retired)
            results.append(below)
            if below:
                log = log + [("rollback", below)]
        expected.append(f"log {number}|" + "|".join(str(result) for result in results))
    server.query(f"""INSERT INTO normfreeze.versions SELECT 'log ' || i, v.version, v.scaler_id, v.frozen_at, v.frozen_by, v.frozen_session_user,
            v.note, v.metadata, v.row_count, v.server_version, v.extension_version, v.origin, v.evidence
          FROM normfreeze.versions AS v, generate_series(0, {logs - 1}) AS i WHERE v.name = 'six';
        INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user, origin)
          SELECT name, seq, stage, version, action, now(), 'postgres', 'postgres', origin
          FROM (VALUES {', '.join(rows)}) AS v (name, seq, stage, version, action, origin)""", "logs")
    calls = ", ".join("rolled_back(name)" for _ in range(5))
    found = server.query(f"SELECT name, {calls} FROM (SELECT 'log ' || i AS name FROM generate_series(0, {logs - 1}) AS i) AS n", "logs").splitlines()
    differ = [(a, b) for a, b in zip(found, expected) if a != b]
    check(len(found) == logs and not differ, f"rollbacks after {logs} random logs go where the whole log says", str(differ[:5]))
    check(sum(1 for line in expected if not line.endswith("|0|0|0|0|0")) > logs / 3, "most of them have somewhere to go")


def scenario(installation):
    with Server(installation, "growth", {"log_min_messages": "fatal", "autovacuum": "off"}) as server:
        server.query("CREATE ROLE clerk")

        def life_of_empty_plans():
            life(server, "empty", False)

        def life_of_analyzed_plans():
            life(server, "analyzed", True)

        def rollbacks():
            rollbacks_mean_the_same(server)
        run_tests([rollbacks, life_of_empty_plans, life_of_analyzed_plans])


if __name__ == "__main__":
    run_scenario(scenario)
