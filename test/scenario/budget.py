#!/usr/bin/env python3
"""The budget of a call: what anybody may call with small hostile input takes at most 200 MB, and ends soon after it is cancelled.

A row for each function that PUBLIC may execute and that takes text, bytes, a document, rows or values of our types: the worst inputs
below 100 kB that we know.  A function without a row fails; so does a row without a function.  Time is CPU time of the backend, so that
a busy machine fails nothing.
"""

import fnmatch
import json
import pathlib
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import psycopg  # noqa: E402

from common import Server, check, check_equal, run_scenario, run_tests  # noqa: E402

MOST_INPUT = 100_000
MOST_MEMORY = 200           # MB, more than the backend had before
MOST_SECONDS = 1            # of CPU, from cancel to end

# ---- inputs ----

FEATURES = 16384            # as many as a scaler may have
HUGE_NUMBERS = ", ".join(["1e131071"] * 6500)       # 9 bytes here, 128 kB of digits each
NESTED = "[" * 6000 + "]" * 6000

IDENTITY = json.dumps({"class": "StandardScaler", "with_mean": False, "with_std": False, "n_features_in_": FEATURES})
WIDE = f"normfreeze.from_sklearn('{IDENTITY}')"
NARROW = WIDE.replace(str(FEATURES), "1800")


def fitted(method="standard", features=600, rows=3, options="{}"):
    return (f"(SELECT normfreeze.fit(ARRAY(SELECT sin(x::float8 * y) FROM generate_series(1, {features}) AS x), '{method}', "
            f"'{options}') FROM generate_series(1, {rows}) AS y)")


def profiled(features=1000, rows=3):
    return (f"(SELECT normfreeze.profile(ARRAY(SELECT sin(x::float8 * y) FROM generate_series(1, {features}) AS x)) "
            f"FROM generate_series(1, {rows}) AS y)")


# a profile that counts many rows: merged with itself again and again
COUNTING = """(WITH RECURSIVE m(i, p) AS (SELECT 0, normfreeze.profile(array_fill(1.0::float8, ARRAY[1000])) UNION ALL
    SELECT i + 1, (SELECT normfreeze.merge(q) FROM (VALUES (p), (p)) AS v(q)) FROM m WHERE i < 17) SELECT p FROM m ORDER BY i DESC LIMIT 1)"""


def names(n):
    return f"(SELECT jsonb_agg(to_hex(i)) FROM generate_series(1, {n}) AS i)"


def document(value):
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return "'" + text.replace("'", "''") + "'::jsonb"


def in_document(key, numbers=HUGE_NUMBERS):
    return document(f'{{"{key}": [{numbers}]}}')


def pipeline(first, step, n):
    return document({"class": "Pipeline", "n_features_in_": FEATURES, "steps": first + [["", step]] * n})


IDLE_STEP = {"class": "FunctionTransformer", "func": None}
ROWS = "(SELECT ARRAY(SELECT sin(x::float8 * y) FROM generate_series(1, 800) AS x) AS r FROM generate_series(1, 6) AS y) AS q"
WIDE_ROW = "(SELECT " + ", ".join(f"{i} + x AS c{i}" for i in range(1500)) + " FROM generate_series(1, 3) AS x OFFSET 0) AS t"


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def plan(*tasks):
    """The bytes of a plan of gather() for one feature (core/scaler/pass_answers.c)."""
    return "'\\x" + (b"\1\1a" + varint(len(tasks)) + b"".join(tasks)).hex() + "'::bytea"


def task(kind, selection=b""):
    return b"\1\0" + bytes([kind]) + struct.pack("<d", 0.5) + selection


EVERYTHING = b"\1" + struct.pack("<QQ", 0, 2**64 - 1)
RANGES = varint(2900) + b"".join(struct.pack("<QQ", 2**63 + 4 * i, 2**63 + 4 * i + 1) for i in range(2900))


def gather(bytes_of_plan, rows=1):
    return f"SELECT length(normfreeze.gather(t, {bytes_of_plan})) FROM (SELECT 1.5::float8 AS a FROM generate_series(1, {rows})) AS t"


OF_ANY_LENGTH = "normfreeze.from_sklearn(jsonb_build_object('class', 'StandardScaler', 'with_mean', false, 'with_std', false, 'n_features_in_', n))"


def growing(function, kind="::int", step=4000):
    """Arrays that grow from row to row."""
    return (f"SELECT count(normfreeze.{function}(array_fill(1{kind}, ARRAY[n]), {OF_ANY_LENGTH})) "
            f"FROM generate_series(4000, {FEATURES}, {step}) AS n")


# ---- the table ----

FIT_OPTIONS = [
    f"SELECT normfreeze.fit(array_fill(y::float8, ARRAY[8000]), 'standard', jsonb_build_object('names', {names(8000)}, 'features', "
    "(SELECT jsonb_object_agg(to_hex(i), '{}'::jsonb) FROM generate_series(1, 8000) AS i))) IS NULL FROM generate_series(1, 3) AS y",
    f"SELECT normfreeze.fit(array_fill(y::float8, ARRAY[8000]), 'standard', jsonb_build_object('names', {names(8000)}, 'target', {names(7999)})) "
    "IS NULL FROM generate_series(1, 3) AS y",
    f"SELECT normfreeze.fit(ARRAY[1.0], 'standard', {in_document('exclude')})",
    f"SELECT normfreeze.fit(ARRAY[1.0], 'standard', {in_document('names')})",
    "SELECT normfreeze.fit(array_fill(sin(y)::float8, ARRAY[10000]), 'quantile', '{\"global\": true, \"max_quantiles\": 100000}') IS NULL "
    "FROM generate_series(1, 10) AS y",
    f"SELECT {fitted('power', 10000)} IS NULL",
    f"SELECT {fitted('quantile', 10000)} IS NULL",
]
FIT_ROW = [
    f"SELECT normfreeze.fit(t, 'standard', jsonb_build_object('exclude', {names(100000)})) FROM {WIDE_ROW}",
    f"SELECT normfreeze.fit(t, 'standard', jsonb_build_object('columns', {names(16384)})) FROM {WIDE_ROW}",
    f"SELECT normfreeze.fit(t, 'power') IS NULL FROM {WIDE_ROW}",
]
MANY_NAMES = "'{" + ",".join(f"{i:x}" for i in range(16384)) + "}'"
COLUMNS = [f"SELECT normfreeze.fit_columns(NULL, 'standard', {MANY_NAMES}, x) FROM generate_series(1, 3) AS x",
           f"SELECT normfreeze.normalize_columns(1, {MANY_NAMES}, 1.5)"]
FIT_PROFILE = [
    f"SELECT normfreeze.fit({COUNTING}, 'quantile', '{{\"n_quantiles\": 100000, \"quantiles\": \"histogram\"}}') IS NULL",
    f"SELECT normfreeze.fit({profiled()}, 'quantile', '{{\"max_quantiles\": 100000, \"quantiles\": \"histogram\"}}') IS NULL",
    f"SELECT normfreeze.fit({profiled(10)}, 'standard', {in_document('target')})",
]
PROFILE_ROW = [f"SELECT normfreeze.profile(t, (SELECT array_agg(to_hex(i)) FROM generate_series(1, 16384) AS i)) FROM {WIDE_ROW}",
               f"SELECT normfreeze.profile(t) IS NULL FROM {WIDE_ROW}",
               f"SELECT normfreeze.profile(t, {in_document('columns')}, 2.5) FROM {WIDE_ROW}"]
GATHER = [gather(plan(*[task(0, b"\0\x10" + EVERYTHING)] * 1600)), gather(plan(task(0, b"\0\x10" + RANGES))),
          gather(plan(*[task(0, b"\1\0" + EVERYTHING)] * 1600), 2000), gather(plan(*[task(5)] * 4000), 1000)]
SKLEARN = [
    f"SELECT normfreeze.from_sklearn({pipeline([], IDLE_STEP, 800)}) IS NULL",
    f"SELECT normfreeze.from_sklearn({pipeline([['', {'class': 'Normalizer', 'norm': 'l2'}]], IDLE_STEP, 800)}) IS NULL",
    f"SELECT normfreeze.from_sklearn({pipeline([], {'class': 'Pipeline', 'steps': [['', IDLE_STEP]]}, 700)}) IS NULL",
    "SELECT normfreeze.from_sklearn(" + document({
        "class": "ColumnTransformer", "n_features_in_": FEATURES,
        "transformers_": [[str(i), "passthrough", [i]] for i in range(3000)]}) + ")",
    f"SELECT normfreeze.from_sklearn({in_document('mean_')})", f"SELECT normfreeze.from_sklearn({document(NESTED)})",
    f"SELECT {WIDE} IS NULL",
]
MERGED = f"SELECT normfreeze.merge(p) IS NULL FROM (SELECT {profiled()} AS p FROM generate_series(1, 3)) AS m"
BY_KEY = ["SELECT length(normfreeze.by_key(i::text, s)::text) FROM generate_series(1, 1000) AS i, "
          f"(SELECT {fitted(features=3)} AS s OFFSET 0) AS q",
          f"SELECT length(normfreeze.by_key(i::text, s, s)::text) FROM generate_series(1, 3) AS i, (SELECT {NARROW} AS s OFFSET 0) AS q",
          f"SELECT length(normfreeze.by_key(i::text, s, 'null')::text) FROM generate_series(1, 3) AS i, (SELECT {NARROW} AS s OFFSET 0) AS q"]
AUDIT = [f"SELECT length(normfreeze.audit(r, r, s)::text) FROM {ROWS}, (SELECT {fitted(features=800, rows=6)} AS s OFFSET 0) AS z"]
AUDIT_OUTPUT = [f"SELECT length(normfreeze.audit(r, s)::text) FROM {ROWS}, (SELECT {fitted(features=800, rows=6)} AS s OFFSET 0) AS z"]
DRIFT = [f"SELECT count(*) FROM normfreeze.drift({profiled()}, {profiled()}, '{{}}')",
         f"SELECT count(*) FROM normfreeze.drift({profiled(10)}, {profiled(10)}, {in_document('exclude')})"]
DRIFT_BINS = [f"SELECT count(*) FROM normfreeze.drift_bins({profiled()}, {profiled()}, '{{\"bins\": 100}}')"]
DRIFT_RANGES = [f"SELECT count(*) FROM normfreeze.drift_ranges(1, {profiled()}, '{{}}')",
                f"SELECT count(*) FROM normfreeze.drift_ranges('a', {profiled(10)}, {in_document('exclude')})"]
# by dialects that write numbers, names and refusals each in their own way
TO_SQL = ["SELECT length(normfreeze.to_sql(s, 'a', dialect)) FROM (VALUES ('postgres'), ('bigquery')) AS d(dialect), "
          "(SELECT normfreeze.fit(t, 'quantile') AS s FROM (SELECT sin(x) AS a FROM generate_series(1, 4000) AS x) AS t) AS q",
          *[f"SELECT length(normfreeze.to_sql(s, 'a', '{dialect}')) FROM (SELECT {fitted(features=1500)} AS s) AS q"
            for dialect in ("trino", "datafusion", "clickhouse", "h2", "hsqldb", "firebird", "mariadb", "redshift", "databricks")]]
INPUT_OUTPUT = [f"SELECT length(({NARROW})::text::normfreeze.scaler::text)", f"SELECT {document(NESTED)}::normfreeze.scaler",
                f"SELECT {in_document('scaler_id')}::normfreeze.scaler", f"SELECT length(({NARROW})::jsonb::normfreeze.scaler::text)",
                f"SELECT '{NESTED}'::normfreeze.scaler", "SELECT repeat('x', 99999)::normfreeze.scaler"]
PROFILES = [f"SELECT length({profiled()}::text::normfreeze.profile::text)", "SELECT repeat('A', 99999)::normfreeze.profile",
            f"SELECT {profiled()} = {profiled()}, normfreeze.profile_digest({profiled()})"]
STATES = ["SELECT repeat('A', 99999)::normfreeze.fit_state", f"SELECT normfreeze.profile_final('{NESTED}'::normfreeze.fit_state)"]


def whole(name, argument):
    return f"SELECT length(normfreeze.{name}({argument})::text)"


JSONB_ROW = "(SELECT jsonb_object_agg('c' || i, 1e-16000) FROM generate_series(0, 1499) AS i)"
OF_WIDE_ROW = f"(SELECT normfreeze.fit(t, 'identity') AS s FROM {WIDE_ROW}) AS f"
BOMB = ("<!DOCTYPE x [<!ENTITY a \"" + "a" * 20000 + "\">" + "".join(
    f"<!ENTITY {chr(98 + i)} \"" + f"&{chr(97 + i)};" * 10 + "\">" for i in range(5)) + "]><PMML>&f;</PMML>")


def importer(name):
    return [f"SELECT normfreeze.{name}({in_document('center')})", f"SELECT normfreeze.{name}({document(NESTED)})",
            f"SELECT normfreeze.{name}({document({'offset': [0] * 40000, 'scale': [1] * 5000})})"]


def applied(name):
    """Every form of normalize or denormalize by a scaler or a reference."""
    return [
        (f"{name}([dris]*[[][]], normfreeze.scaler)", [growing(name)]),
        (f"{name}(bigint[[][]], normfreeze.scaler)", [growing(name, "::bigint")]),
        (f"{name}(numeric[[][]], normfreeze.scaler)",
         [growing(name, "::numeric"), f"SELECT length(normfreeze.{name}(array_fill(1e-16000, ARRAY[{FEATURES}]), {WIDE})::text)"]),
        (f"{name}(record, normfreeze.scaler)", [f"SELECT normfreeze.{name}(t, s) IS NULL FROM {WIDE_ROW}, {OF_WIDE_ROW}"]),
        (f"{name}(jsonb, normfreeze.scaler)",
         [f"SELECT length(normfreeze.{name}({JSONB_ROW}, s)::text) FROM {OF_WIDE_ROW}",
          f"SELECT normfreeze.{name}({in_document('c0')}, s) FROM {OF_WIDE_ROW}"]),
        (f"{name}(double precision, normfreeze.scaler, text)", [f"SELECT normfreeze.{name}(1.0::float8, {WIDE}, 'x')"]),
        (f"{name}(*[[][]], bigint)", [f"SELECT normfreeze.{name}(array_fill(1, ARRAY[12000]), 1)"]),
        (f"{name}(*, text)", [f"SELECT normfreeze.{name}(ARRAY[1.0::float8], repeat('x', 99999))"]),
        (f"{name}(record, bigint)", [f"SELECT normfreeze.{name}(t, 1) FROM {WIDE_ROW}"]),
        (f"{name}(jsonb, bigint)", [f"SELECT normfreeze.{name}({in_document('c0')}, 1)"]),
        (f"{name}_by_key(*)", [f"SELECT length(normfreeze.{name}_by_key(array_fill(1.0::float8, ARRAY[1800]), b, k)::text) FROM "
                               f"(SELECT normfreeze.by_key('k', {NARROW}) AS b OFFSET 0) AS q, (VALUES ('k'), (repeat('k', 90000))) AS v(k)"]),
    ]


TABLE = [
    ("fit(*[[][]], normfreeze.method*)", FIT_OPTIONS),
    ("fit(record, *)", FIT_ROW), ("scan(record, *)", FIT_ROW),
    ("fit(normfreeze.profile, *)", FIT_PROFILE),
    ("fit_table(regclass, *)", [
        f"SELECT normfreeze.fit_table('customers', 'quantile', {in_document('exclude')})",
        "SELECT normfreeze.fit_table('customers', 'power') IS NULL"]),
    ("profile(record*)", PROFILE_ROW), ("profile(*[[][]]*)", [f"SELECT {profiled()} IS NULL", f"SELECT normfreeze.profile(ARRAY[1.5], {in_document('names')}, 1) IS NULL"]), ("merge(normfreeze.profile)", [MERGED]),
    ("gather(record, bytea*)", GATHER),
    # what the planner makes of those of rows
    ("audit_columns(*)", AUDIT + AUDIT_OUTPUT + [f"SELECT normfreeze.audit_columns(NULL, ARRAY[1.5], 1, {MANY_NAMES}, x) FROM generate_series(1, 3) AS x"]),
    ("fit_columns*(*)", FIT_ROW + COLUMNS), ("scan_columns*(*)", FIT_ROW + COLUMNS), ("*normalize*_columns(*)", COLUMNS),
    ("column_share(*)", FIT_ROW),
    ("by_key(text, normfreeze.scaler*)", BY_KEY),
    ("audit(\"any\", \"any\", *)", AUDIT), ("audit(\"any\", *)", AUDIT_OUTPUT), ("audit_report(jsonb)", [
        f"SELECT normfreeze.audit_report({in_document('features')})", f"SELECT normfreeze.audit_report({document(NESTED)})"]),
    # what these aggregates consist of
    ("fit_transition(*[[][]]*)", FIT_OPTIONS), ("fit_transition(normfreeze.fit_state, record*)", FIT_ROW), ("scan_transition(*)", FIT_ROW),
    ("profile_transition(*)", PROFILE_ROW), ("merge_transition(*)", [MERGED]), ("fit_state_combine(*)", STATES), ("profile_final(*)", STATES),
    ("fit_final(*)", STATES), ("gather_*(*)", GATHER), ("audit_output_*(*)", AUDIT_OUTPUT), ("audit_*(internal*)", AUDIT),
    ("audit_deserialize(*)", AUDIT), ("by_key_*(*)", BY_KEY),
    # types
    ("scaler_*(*)", INPUT_OUTPUT), ("jsonb_to_scaler(jsonb)", INPUT_OUTPUT), ("is_content(*)", INPUT_OUTPUT),
    ("profile_*(*)", PROFILES), ("fit_state_*(*)", STATES),
    *[(f"{name}(normfreeze.scaler)", [whole(name, WIDE)])
      for name in ("fingerprint", "id_of", "bare", "digest_of", "feature_names", "members_of", "to_sklearn", "to_onnx", "to_pmml")],
    ("to_pmml(normfreeze.scaler, boolean)", [f"SELECT length(normfreeze.to_pmml({WIDE}, true)::text)"]),
    ("to_pmml(text, boolean)", ["SELECT normfreeze.to_pmml(repeat('x', 99999), true)"]),
    ("profile_of(normfreeze.scaler)", [whole("profile_of", fitted())]),
    ("member(normfreeze.scaler, text)", ["SELECT length(normfreeze.member(b, k)::text) FROM (SELECT normfreeze.by_key('k', "
                                         f"{NARROW}) AS b OFFSET 0) AS q, (VALUES ('k'), (repeat('k', 90000))) AS v(k)"]),
    ("member(bigint, text)", ["SELECT normfreeze.member(1, repeat('k', 99000))"]),
    ("describe(normfreeze.scaler)", [f"SELECT count(*) FROM normfreeze.describe({NARROW})"]),
    ("describe(normfreeze.profile)", [f"SELECT count(*) FROM normfreeze.describe({profiled()})"]),
    ("describe_weights(normfreeze.scaler)", [f"SELECT count(*) FROM normfreeze.describe_weights({NARROW})"]),
    ("describe_weights(normfreeze.profile)", [f"SELECT count(*) FROM normfreeze.describe_weights({profiled()})"]),
    ("probes(normfreeze.scaler)", [f"SELECT count(*) FROM normfreeze.probes({WIDE})"]),
    ("verify_output(normfreeze.scaler, *)", [f"SELECT count(*) FROM normfreeze.verify_output({fitted()}, array_fill(1::float8, ARRAY[600]), "
                                             "array_fill(1::float8, ARRAY[600]))"]),
    # imports and exports
    ("from_sklearn(jsonb)", SKLEARN), *[(f"{name}(jsonb)", importer(name)) for name in (
        "from_spark", "from_onnx_scaler", "from_vertica", "from_teradata", "from_bigquery")],
    ("from_parameters(jsonb, jsonb)", [f"SELECT length(normfreeze.from_parameters({document(parameters)}, {document(options)})::text)" for parameters, options in (
        ({"mean": [1] * 16384, "std": [2] * 16384}, {"dtype": "float32", "clip": [-1, 1]}),
        ({f"{i}_{word}": 1 for i in range(3700) for word in ("mean", "std")}, {}),
        ({str(i): {"mean": 1, "std": 2} for i in range(3000)}, {"names": [str(i) for i in range(3000)]}),
        ({word: {str(i): 1 for i in range(5000)} for word in ("mean", "std")}, {}),
        ({str(i): [1, 2] for i in range(6000)}, {"shape": "standard"}),
        ([{"name": str(i), "mean": 1, "std": 2} for i in range(2500)], {}),
        ({"x" * 40000: 1, "mean": 1, "std": 1}, {"ignore": ["*x" * 200 + "y", "*" * 20000 + "x"]}),
        ({"_" * 45000 + "mean": 1, "_" * 45000 + "std": 1}, {}))]),
    ("from_batchnorm(*)", ["SELECT length(normfreeze.from_batchnorm(a, a, a, a)::text) FROM (SELECT array_fill(1::float8, ARRAY[12000]) AS a) AS q"]),
    ("from_onnx(bytea)", ["SELECT normfreeze.from_onnx(decode(repeat('3a00', 49000), 'hex'))",
                          "SELECT normfreeze.from_onnx(decode('3ad08603' || repeat('0a00', 25000), 'hex'))",
                          # of others: one node after another for many columns, and columns without a node
                          "SELECT length(normfreeze.from_onnx(decode('3ababf05' || repeat('0a100a015812015822084964656e74697479', 5000) || "
                          "'5a130a0158120e0a0c080b12080a000a0408808001' || '62130a0158120e0a0c080b12080a000a0408808001', 'hex'))::text)"]),
    ("from_pmml(xml)", ["SELECT normfreeze.from_pmml(('<PMML>' || repeat('<a>', 250) || repeat('</a>', 250) || '</PMML>')::xml)",
                        "SELECT normfreeze.from_pmml(('<PMML>' || repeat('<a/>', 24000) || '</PMML>')::xml)",
                        f"SELECT normfreeze.from_pmml(xmlparse(DOCUMENT '{BOMB}'))"]),
    ("to_sql(*)", TO_SQL + [f"SELECT length(normfreeze.to_sql(normfreeze.by_key('k', {NARROW}), 'a', 'bigquery', repeat('k', 90000)))"]), ("to_sql_check(*)", [query.replace("to_sql(s, 'a', ", "to_sql_check(s, ") for query in TO_SQL]),
    ("drift(*)", DRIFT), ("drift_bins(*)", DRIFT_BINS), ("drift_ranges(*)", DRIFT_RANGES), ("worst_drift(jsonb)", [f"SELECT normfreeze.worst_drift({in_document('x')})"]),
    ("verify_output(bigint, *)", ["SELECT count(*) FROM normfreeze.verify_output(1, array_fill(1::float8, ARRAY[12000]), array_fill(1::float8, ARRAY[12000]))"]),
    # by id or reference: what is frozen is not small input of the caller
    ("report(*normfreeze.profile*)", [f"SELECT normfreeze.report(1, {profiled()}, {in_document('exclude')})"]),
    *[(f"{name}(text)", [f"SELECT normfreeze.{name}(repeat('x', 99999))"]) for name in (
        "to_sklearn", "to_onnx", "to_pmml", "report", "scaler", "profile_of", "feature_names", "describe", "describe_weights", "verify", "probes", "method", "lineage")],
    ("diff(text*)", ["SELECT normfreeze.diff(repeat('x', 99999), 'y')"]), ("member(text, text)", ["SELECT normfreeze.member(repeat('x', 99999), 'y')"]),
    ("stage_as_of(text, *)", ["SELECT * FROM normfreeze.stage_as_of(repeat('x', 99999), now())"]),
    ("verify_output(text, *)", ["SELECT normfreeze.verify_output(repeat('x', 99999), ARRAY[1.0], ARRAY[1.0])"]),
    ("json_*(jsonb, text)", [f"SELECT normfreeze.{name}({document({'x': value})}, 'x')" for name in ("json_float8", "json_bigint", "json_time")
                             for value in ("9" * 90000, "1e131071", "[" * 90000)]
     + [f"SELECT normfreeze.json_float8({in_document('x')}, 'x')"]),
    ("scaler_id(text*)", ["SELECT normfreeze.scaler_id(repeat('x', 99999))"]),
    ("export_name(text, boolean)", ["SELECT normfreeze.export_name(repeat('x', 99999))"]),
    ("select_list(*)", ["SELECT normfreeze.select_list(1, repeat('x', 99999))"]),
    ("view_query(*)", ["SELECT normfreeze.view_query('customers', repeat('x', 99999))",
                       "SELECT normfreeze.view_query('customers', 1, array_fill('x'::text, ARRAY[9000]), repeat('x', 90000))"]),
    ("normalize_table(*)", ["SELECT * FROM normfreeze.normalize_table('customers', repeat('x', 99999)) AS t(id int)",
                            "SELECT * FROM normfreeze.normalize_table('customers', 1, array_fill('x'::text, ARRAY[9000]), repeat('x', 90000)) AS t(id int)"]),
    ("create_view(*)", ["SELECT normfreeze.create_view(repeat('x', 99999), 'customers', 'y')",
                        "SELECT normfreeze.create_view(repeat('x.', 49999) || 'x', 'customers', 1)"]),
    ("normalize_value(*)", [f"SELECT normfreeze.normalize_value(1, {WIDE}, 'x')", "SELECT normfreeze.normalize_value(1, repeat('x', 99999), 'x')",
                            f"SELECT sum(normfreeze.normalize_value(1e-16000 * i, {fitted(features=1)}, 'x')) FROM generate_series(1, 100000) AS i"]),
    ("value_of_numeric(numeric, text)", ["SELECT normfreeze.value_of_numeric(1e131071, repeat('x', 99999))",
                                         "SELECT sum(normfreeze.value_of_numeric(1e-16000 * i, 'x')) FROM generate_series(1, 100000) AS i"]),
    ("explain(record, *)", [f"SELECT count(*) FROM {WIDE_ROW}, normfreeze.explain(t, 1)"]),
    *applied("normalize"), *applied("denormalize"),
]

# arguments that carry what a caller makes up; numbers and single ids do not
MADE_UP = r"(normfreeze\.(profile|scaler|fit_state)|bytea|jsonb|xml|text|text\[\]|cstring|record|\"any\"|regclass|numeric\[\])"


# ---- measuring ----

def status(pid, key):
    """Of /proc/PID/status, in MB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(key + ":"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def execute(server, statement, cancel_after=None):
    """(error or None, MB, seconds, seconds from cancel to end) of a statement in a backend of its own."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("LOAD 'normfreeze'; SET max_parallel_workers_per_gather = 0; SET jit = off")
        pid = connection.info.backend_pid
        before, start = status(pid, "VmRSS"), cpu_seconds(pid)
        errors = []

        def work():
            try:
                connection.execute(statement)
            except psycopg.Error as error:
                errors.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        cancelled = None
        while thread.is_alive():
            thread.join(0.005)
            if cancel_after is not None and cancelled is None and thread.is_alive() and cpu_seconds(pid) - start >= cancel_after:
                cancelled = cpu_seconds(pid)
                connection.cancel()
        if connection.closed:
            return errors[0], 0, 0, 0
        end = cpu_seconds(pid)
        return errors[0] if errors else None, status(pid, "VmHWM") - before, end - start, end - cancelled if cancelled else 0


def measure(server, statement):
    label = statement if len(statement) < 130 else statement[:90] + " ... " + statement[-40:]
    check(len(statement) < MOST_INPUT, "the input is small", f"{len(statement)} bytes: {label}")
    error, memory, seconds, _ = execute(server, statement)
    # of the system (57P01, 58000, ...), of ours (XX000) or of memory: never an answer to bad input
    state = error.sqlstate if error is not None else "00000"
    check(state is not None and state[:2] not in ("XX", "57", "58") and state != "53200", "an error that answers the input", f"{error}: {label}")
    check(memory <= MOST_MEMORY, "memory", f"{memory:.0f} MB: {label}")
    if seconds > MOST_SECONDS:
        after = max(execute(server, statement, cancel_after=seconds * share)[3] for share in (0.1, 0.5, 0.9))
        check(after <= MOST_SECONDS, "from cancel to end", f"{after:.2f} s: {label}")
    return error, memory, seconds


def matches(signature, pattern):
    return fnmatch.fnmatchcase(signature, pattern)


def scenario(installation):
    with Server(installation, "budget") as server:
        server.query("CREATE EXTENSION normfreeze; CREATE TABLE customers AS SELECT sin(i) AS a, cos(i) AS b FROM generate_series(1, 5000) AS i")

        def every_function_has_a_row():
            signatures = server.query(f"""SELECT proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
                    proname || '(' || (SELECT coalesce(string_agg(format_type(type, NULL), ', ' ORDER BY i), '') FROM unnest(proargtypes) WITH ORDINALITY AS u(type, i)) || ')'
                FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
                JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND extname = 'normfreeze'
                WHERE has_function_privilege('public', p.oid, 'EXECUTE')
                    AND EXISTS (SELECT FROM unnest(proargtypes) AS u(type) WHERE format_type(type, NULL) ~ '^{MADE_UP}$' OR format_type(type, NULL) LIKE '%[]')
                ORDER BY 2""").splitlines()
            signatures = [line.split("|")[1] for line in signatures]
            check(len(signatures) > 150, "functions of PUBLIC are listed", len(signatures))
            check_equal([s for s in signatures if not any(matches(s, pattern) for pattern, _ in TABLE)], [], "functions without a row")
            check_equal([pattern for pattern, _ in TABLE if not any(matches(s, pattern) for s in signatures)], [], "rows without a function")

        def arguments_are_small():
            for argument in (NARROW, fitted(), profiled(), fitted("quantile", 10), COUNTING):
                size = int(server.query(f"SELECT pg_column_size({argument})"))
                check(size < MOST_INPUT, "a value that a row uses is small", f"{size} bytes: {argument}")

        def arrays_that_grow_leave_nothing():
            _, memory, _, _ = execute(server, growing("normalize", step=40))
            # 32 MB of it are scaler values, each decoded once, that the session keeps (normfreeze.scaler_cache_size)
            check(memory < 60, "memory of arrays of growing lengths", f"{memory:.0f} MB")

        def every_row_keeps_the_budget():
            verbose = "--verbose" in sys.argv
            for statement in dict.fromkeys(statement for _, statements in TABLE for statement in statements):
                error, memory, seconds = measure(server, statement)
                if verbose:
                    print(f"{memory:5.0f} MB {seconds:5.2f} s  {statement[:100]} ...  {str(error or '')[:100]!r}", flush=True)

        run_tests([every_function_has_a_row, arguments_are_small, arrays_that_grow_leave_nothing, every_row_keeps_the_budget])


if __name__ == "__main__":
    run_scenario(scenario)
