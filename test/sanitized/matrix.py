"""Every function of the extension, with NULLs and odd arguments.

For each function that SQL can call: one odd argument at a time among ordinary ones, all NULL, and some combinations at
random.  Aggregates are called in the ways that a query calls them: over rows of which one is odd, in a window, in groups, in order.
"""

import random
import re

import seeds
from attacker import quoted


def literals(kind, texts):
    return [f"{quoted(text)}::{kind}" for text in texts]


def of_table(table, what, column):
    return f"(SELECT {column} FROM {table} WHERE what = {quoted(what)})"


def arrays(kind, more=()):
    return [f"ARRAY[1, 2, 3]::{kind}[]", f"NULL::{kind}[]", *literals(f"{kind}[]", [
        "{}", "{NULL}", "{1}", "{1,2}", "{1,NULL,3}", "{NULL,NULL,NULL}", "{1,2,3,4}", "{{1,2,3}}", "{{1},{2},{3}}", "{{{1,2,3}}}", "[0:2]={1,2,3}",
        "[-5:-3]={1,2,3}", "[2147483645:2147483646]={1,2}", "{NULL,2,3}", *more]), f"array_fill(1::{kind}, ARRAY[16384])", f"array_fill(1::{kind}, ARRAY[16385])",
        f"array_fill(NULL::{kind}, ARRAY[3])"]


FLOATS = ["{NaN,Infinity,-Infinity}", "{-0,5e-324,1e-45}".replace("5e-324,1e-45", "1e-37,0"), "{1,NaN,3}"]
REFS = ["m@v1", "m", "m@production", "m@latest", "m@v2", "m@v0", "m@v-1", "m@v3", "m@v99999999999999999999", "m@v1 ", "m@", "@", "@v1", "m@@v1", "m@nowhere", "", " ",
        "keyed", "other", "arrays", "none", "M", "sha256:", "sha256:" + "0" * 64, "sha256:" + "f" * 12, "sha256:" + "f" * 11, "1", "-1", "0",
        "9223372036854775807", "9223372036854775808", "é@v1", "x" * 5000, "\x01", '"m"', "m\n"]
DIALECTS = ["postgres", "duckdb", "sqlite", "bigquery", "spark", "clickhouse", "hsqldb", "firebird", "mysql", "databricks", "trino", "datafusion", "h2", "mariadb", "redshift", "snowflake"]
# by the argument's name, and '' for any other
TEXTS = {
    "ref": REFS, "old_ref": REFS, "new_ref": REFS[3:] + REFS[:3],
    "name": ["m", "new", "keyed", "other", "arrays", "none", "", " ", "a@b", "x" * 200, "x" * 5000, "é" * 63, "\x01", "m@v1", '"', "'", "sha256:1", "1"],
    "stage": ["production", "staging", "v1", "latest", "", " ", "a@b", "x" * 5000, "Production", "production ", "é", "canary"],
    "role": ["public", "postgres", "nobody at all", "", "x" * 70, '"'],
    "dialect": [*DIALECTS, "", "Postgres", "x" * 100],
    "key": ["true", "false", "k1", "", "x" * 1024, "x" * 1025, "é" * 600, "x" * 100000, "\x01"],
    "feature": ["a", "", "z", "A", "é", "x" * 5000],
    "relation": ["numbers", "public.numbers", '"a.b"', "", "x" * 70, "a;b", "x.y.z.w"],
    "alias": ["t", "", '"', "x" * 100, "a.b"],
    "prefix": ["", "z_", "x" * 63, '"', "é"],
    "scaler_id_column": ["scaler_id", "", "a", None, "x" * 100],
    "formula": ["stable", "contiguous", "contiguous_fma", "", "x"],
    "kind": ["report", "model", "", "x" * 5000],
    "unseen": ["error", "null", "fallback", ""],
    "": ["m", "", " ", "x" * 70, "x" * 5000, "\x01", "é", '"', "null", "1", "numeric", "2026-01-01"],
}
OPTIONS = ["{}", "null", "[]", "1", '"x"', "true", "[{}]", '{"": 1}', '{"columns": []}', '{"columns": ["a", "b"]}', '{"columns": "numeric"}', '{"exclude": ["a"]}',
           '{"names": ["a", "b", "c"]}', '{"names": null}', '{"distribution": 16}', '{"distribution": 1e131071}', '{"missing": "median"}', '{"missing": "most_frequent"}', '{"missing": "NaN"}',
           '{"steps": ["log1p", "standard"]}', '{"steps": ["standard"], "domain": "clip"}', '{"steps": []}', '{"features": {"a": {"method": "power"}}}', '{"features": 5}', '{"quantiles": "histogram"}', '{"global": true}', '{"bins": 10}',
           '{"outside": "clip", "range": [5, 95]}', '{"outside": "null", "range": {"iqr": 1}, "statistics": "all"}', '{"clip": [-1, 1]}', '{"domain": "clip"}', '{"dtype": "float32", "eps": 1e-8}',
           '{"a": 1, "b": 2, "c": 3, "d": 4}', '{"a": "NaN", "b": null, "c": 1e400, "d": -0}', '{"a": [], "b": {}, "c": true, "d": "x"}']
ROWS = ["(SELECT n FROM numbers AS n WHERE id = 1)", "NULL::numbers", "(SELECT n FROM numbers AS n WHERE id = -1)", "(SELECT h FROM holes AS h WHERE id = 41)",
        "(SELECT h FROM holes AS h WHERE id = 42)", "(SELECT h FROM holes AS h WHERE id = 44)", "(SELECT h FROM holes AS h WHERE id = 46)", "ROW()", "ROW(1, 2, 3)", "ROW(NULL, NULL)::pair",
        "(1, 2)::pair::odd_pair", "NULL::odd_pair", "NULL::pair", "ROW()::nothing", "NULL::nothing", "(SELECT w FROM wide AS w WHERE id = 1)",
        "(SELECT t FROM (SELECT 1.5::float8 AS a, 2::real AS b, 3 AS c, 4::numeric AS d) AS t)", "(SELECT t FROM (SELECT 1 AS a, 2 AS a, 3 AS b, 4 AS c, 5 AS d) AS t)",
        "(SELECT t FROM (SELECT 'x'::text AS a, now() AS b, '{}'::int[] AS c, ROW(1) AS d) AS t)", "(SELECT t FROM (SELECT NULL::pair AS a, 1 AS b, 2 AS c, 3 AS d) AS t)",
        "(SELECT s FROM stored AS s WHERE how = 'external')", "(SELECT t FROM (SELECT 'NaN'::numeric AS d, 'Infinity'::real AS b, '-0'::float8 AS a, true AS c) AS t)",
        "(SELECT t FROM (SELECT 1e131071::numeric AS d, 1::smallint AS b, 9223372036854775807 AS a, 1::odd_number AS c) AS t)"]

SCALERS = ["standard of rows", "standard of arrays", "policies", "minmax of arrays", "robust of arrays", "quantile of arrays", "quantile of rows", "power of rows", "power of arrays",
           "l2 of arrays", "constant", "global", "weighted", "bare", "imported", "batchnorm", "steps of arrays", "steps and policies", "winsorized, percentiles", "clipped", "domain clip", "float32", "set", "set of steps", "set with fallback", "set of null"]
ODD = {
    "double precision": ["1.5::float8", "NULL::float8", *literals("float8", ["0", "-0", "NaN", "Infinity", "-Infinity", "5e-324", "1.7976931348623157e308", "-1e308", "1e-308"])],
    "integer": ["1", "NULL::int", "0", "-1", "2", "3", "2147483647", "(-2147483648)"],
    "smallint": ["1::smallint", "NULL::smallint", "0::smallint", "(-1)::smallint", "32767::smallint"],
    "bigint": ["(SELECT id FROM scalers WHERE what = 'standard of rows')", "NULL::bigint", "0::bigint", "(-1)::bigint", "9223372036854775807", "(-9223372036854775807 - 1)", "1::bigint",
               *[of_table("scalers", what, "id") for what in ("standard of arrays", "policies", "set", "quantile of rows", "bare")]],
    "boolean": ["true", "false", "NULL::boolean"],
    "oid": ["0::oid", "NULL::oid", "1::oid", "4294967295::oid", "(SELECT max(oid) FROM pg_constraint)"],
    "numeric": ["1.5::numeric", "NULL::numeric", *literals("numeric", ["NaN", "Infinity", "-Infinity", "1e131071", "1e-16383", "-0", "1e309", "1.7976931348623158079e308"])],
    "timestamp with time zone": ["now()", "NULL::timestamptz", *literals("timestamptz", ["infinity", "-infinity", "4713-01-01 BC", "294276-12-31"])],
    "regclass": ["'numbers'::regclass", "NULL::regclass", "0::regclass", "4294967295::regclass", "'holes'::regclass", "'none'::regclass", "'wide'::regclass", "'stored'::regclass", "'pg_class'::regclass",
                 "'numbers_pkey'::regclass", "'pair'::regclass", "'normfreeze.stages'::regclass", "'normfreeze.versions'::regclass"],
    "double precision[]": arrays("float8", FLOATS) + ["(SELECT numbers FROM stored WHERE how = 'external')", "(SELECT numbers FROM stored WHERE how = 'compressed')",
                                                      "(SELECT numbers FROM stored WHERE how = 'short')", "'{1,2,3}'::odd_array", "'{{1,2,3},{4,5,6}}'::float8[]"],
    "real[]": arrays("real", FLOATS),
    "smallint[]": arrays("smallint", ["{32767,-32768,0}"]),
    "integer[]": arrays("int", ["{2147483647,-2147483648,0}"]),
    "bigint[]": arrays("bigint", ["{9223372036854775807,-9223372036854775808,0}"]),
    "numeric[]": arrays("numeric", ["{NaN,Infinity,-Infinity}", "{1e131071,1e-16383,0}", "{1e-400,1e308,-0}"]),
    "text[]": ["'{a,b}'::text[]", "NULL::text[]", *literals("text[]", ["{}", "{NULL}", "{a}", "{a,a}", "{a,b,c,d}", '{""}', "{{a,b}}", "[0:1]={a,b}", "{z}", "{a,NULL}", "{é,a}"]), "array_fill('a'::text, ARRAY[17000])",
               "ARRAY[repeat('x', 5000)]"],
    "record": ROWS,
    "jsonb": [f"{quoted(text)}::jsonb" for text in OPTIONS] + ["NULL::jsonb", "(repeat('[', 5000) || repeat(']', 5000))::jsonb", "(SELECT object FROM stored WHERE how = 'external')",
                                                               "(SELECT object FROM stored WHERE how = 'compressed')", "(SELECT jsonb_agg(e) FROM normfreeze.export_name('m') AS e)",
                                                               "(SELECT normfreeze.audit(n, normfreeze.normalize(n, 'm@v1'), 'm@v1') FROM numbers AS n)"],
    "bytea": ["'\\x0101'::bytea", "NULL::bytea", "''::bytea", "'\\x00'::bytea", "'\\x0101610101000000000000000000'::bytea", "normfreeze.to_onnx((SELECT s FROM scalers WHERE what = 'standard of arrays'))", "repeat('x', 9000)::bytea"],
    "xml": ["normfreeze.to_pmml((SELECT s FROM scalers WHERE what = 'standard of arrays'))", "NULL::xml", *literals("xml", ["", "x", "<PMML/>", '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"/>'])],
    "cstring": ["''::cstring", "NULL::cstring", *literals("cstring", ["{}", "x", "scaler", "profile:0:0", "fit_state:0:", "null"])],
    '"any"': ["1.5::float8", "NULL", "'x'", "'x'::text", "NULL::text", "ARRAY[1.0, 2, 3]::float8[]", "'{}'::int[]", "ROW(1, 2)", "(SELECT n FROM numbers AS n WHERE id = 1)", "NULL::numbers", "true", "1::smallint", "'NaN'::numeric",
              "1e131071::numeric", "now()", "'{}'::jsonb", "1::odd_number", "'{1,2,3}'::odd_array", "NULL::pair", "9223372036854775807"],
    "normfreeze.method": ["'standard'::normfreeze.method", "NULL::normfreeze.method", *[f"'{m}'::normfreeze.method" for m in (
        "minmax", "maxabs", "robust", "mad", "meanabs", "quantile", "power", "l1", "l2", "max", "identity", "affine", "log1p", "log2", "cbrt",
        "asinh", "logit", "reciprocal", "expm1")]],
    "normfreeze.scaler": [of_table("scalers", what, "s") for what in SCALERS] + ["NULL::normfreeze.scaler"],
    "normfreeze.profile": [of_table("profiles", what, "p") for what in ("rows", "holes", "arrays", "one", "nothing", "weighted", "coarse", "none kept")] + ["NULL::normfreeze.profile"],
    "normfreeze.fit_state": [of_table("states", what, "f") for what in ("standard", "profile", "robust", "weighted", "weighted steps", "weighted results", "scan", "weighted scan", "merge", "quantile", "steps", "functions")] + ["NULL::normfreeze.fit_state"],
}

FUNCTIONS = """
    SELECT p.oid::regprocedure::text, p.proname, p.prokind, p.proretset, p.provariadic <> 0, array_to_string(ARRAY(
        SELECT format_type(t, NULL) || '=' || coalesce(p.proargnames[i], '') FROM unnest(p.proargtypes) WITH ORDINALITY AS u(t, i) ORDER BY i), ';')
    FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND extname = 'normfreeze'
    WHERE p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype) ORDER BY 1"""

# Arguments with which a function succeeds, where they are not the first of their type: by a pattern of its signature, and by the
# name or the type of the argument.
SET = {"bigint": of_table("scalers", "set", "id"), "normfreeze.scaler": of_table("scalers", "set", "s"), "ref": "'keyed'::text"}
OF_ARRAYS = {"bigint": of_table("scalers", "standard of arrays", "id"), "normfreeze.scaler": of_table("scalers", "standard of arrays", "s"), "ref": "'arrays'::text"}
OF_ONE = {"bigint": of_table("scalers", "one", "id"), "normfreeze.scaler": of_table("scalers", "one", "s"), "ref": "'one'::text", "names": "'{a}'::text[]", "text[]": "'{a}'::text[]"}
SET_OF_ONE = {**OF_ONE, "bigint": of_table("scalers", "set of one", "id"), "normfreeze.scaler": of_table("scalers", "set of one", "s"), "ref": "'keyed_one'::text", "key": "'1'::text"}
OBJECT = {"jsonb": """'{"a": 1, "b": 2, "c": 3, "d": 4}'::jsonb"""}
ORDINARY = [
    (r'normfreeze\."?(de)?normalize"?\(.*\[\],.*', OF_ARRAYS), (r"normfreeze\.(profile|verify_output)\(.*\[\].*", OF_ARRAYS),
    (r"normfreeze\.(de)?normalize_by_key\(.*", {**SET, **OBJECT, **{f"{kind}[]": f"ARRAY[1, 2, 3, 4]::{kind}[]" for kind in ("double precision", "real", "smallint", "integer", "bigint", "numeric")}}),
    (r'normfreeze\."?(de)?normalize"?\(jsonb.*', OBJECT), (r"normfreeze\.(de)?normalize_by_key_columns.*", SET_OF_ONE), (r"normfreeze\.\w+(?<!by_key)_columns\(.*", OF_ONE),
    (r"normfreeze\.audit_columns\(record,.any.,.*", {**OF_ONE, "observed": "ARRAY[1.5]::float8[]"}), (r"normfreeze\.audit\(.*", {**OF_ARRAYS, '"any"': "ARRAY[g, 2, 3]::float8[]"}),
    (r"normfreeze\.by_key\(.*", {"key": "g::text"}), (r"normfreeze\.(member|members_of|record_use)\(.*", SET),
    (r"normfreeze\.(create_view|view_query|select_list|normalize_table)\(.*", {"passthrough": "'{id}'::text[]", "name": "'new'::text"}),
    (r"normfreeze\.audit_report.*", {"jsonb": ODD["jsonb"][-1]}), (r"normfreeze\.worst_drift.*", {"jsonb": "(SELECT features FROM normfreeze.drift_log LIMIT 1)"}),
    (r"normfreeze\.(scaler|profile|fit_state)_in\(.*", {"cstring": None}), (r"normfreeze\.jsonb_to_scaler.*", {"jsonb": "(SELECT s::jsonb FROM scalers WHERE what = 'one')"}),
    (r"normfreeze\.method\(.*", {"text": "'standard'::text"}), (r"normfreeze\.fit_table\(.*text\)", {"weight": "'a'::text"}), (r"normfreeze\.gather.*", {"bytea": "'\\x01016101010005000000000000e03f'::bytea"}),
    (r"normfreeze\.from_onnx\(bytea\)", {"bytea": ODD["bytea"][-2]}), (r"normfreeze\.from_batchnorm.*", {"names": "'{a,b,c}'::text[]"}),
    (r"normfreeze\.import_name.*", {"jsonb": "(SELECT jsonb_agg(e) FROM normfreeze.export_name('other') AS e)", "name": "'new'::text", "mirror": "false"}),
    *[(rf"normfreeze\.{name}\(.*", {"jsonb": f"{quoted(documents[0])}::jsonb"}) for name, documents in seeds.IMPORTERS.items()],
    (r"normfreeze\.from_parameters\(.*", {"options": "'{}'::jsonb"}),
    (r"normfreeze\.to_sql\(.*,text,text,text\)", SET),
    (r"normfreeze\.archive_digest_step.*", {"state": "decode(repeat('00', 32), 'hex')"}), (r"normfreeze\.verify_archive.*", {"regclass": "'archive'::regclass", "log": "'drift_log'::text"}),
]

# an aggregate's call: odd is an argument list in place of the ordinary one
AGGREGATE_CALLS = (
    "SELECT {f}({odd})::text FROM generate_series(1, 3) AS g",
    "SELECT {f}({mixed})::text FROM generate_series(1, 40) AS g",
    "SELECT {f}({odd}) FILTER (WHERE g > 2)::text, {f}({odd})::text FROM generate_series(1, 3) AS g",
    "SELECT ({f}({odd}) OVER (ORDER BY g ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING))::text FROM generate_series(1, 4) AS g",
    "SELECT g % 2, {f}({mixed} ORDER BY g DESC)::text FROM generate_series(1, 5) AS g GROUP BY 1",
)


class Function:
    def __init__(self, line):
        self.signature, self.name, self.kind, self.set, self.variadic, arguments = line.split("|")
        self.arguments = [tuple(argument.split("=", 1)) for argument in arguments.split(";")] if arguments else []

    def values(self, i):
        kind, name = self.arguments[i]
        if kind == "text":
            return [f"{quoted(text)}::text" if text is not None else "NULL::text" for text in TEXTS.get(name, TEXTS[""])] + [
                "NULL::text", "(SELECT words FROM stored WHERE how = 'external')", "(SELECT words FROM stored WHERE how = 'compressed')", "(SELECT words FROM stored WHERE how = 'short')"]
        return ODD[kind]

    def ordinary(self):
        """Arguments with which it succeeds."""
        chosen = [self.values(i)[0] for i in range(len(self.arguments))]
        for pattern, values in ORDINARY:
            if re.fullmatch(pattern, self.signature):
                for place, (kind, name) in enumerate(self.arguments):
                    if name in values or kind in values:
                        chosen[place] = values.get(name, values.get(kind)) or self.own_text()
        return chosen

    def own_text(self):
        """What an input function of ours reads: what the output function writes."""
        kind = self.name[:-len("_in")]
        return f"normfreeze.{kind}_out({ODD['normfreeze.' + kind][0]})"

    def callable(self):
        return not any(kind == "internal" for kind, _ in self.arguments)

    def only_refuses(self):
        """Whether it fails unless an aggregate, whose part it is, or a script of the extension calls it; or takes an id as an integer,
        which no scaler has."""
        return (self.kind != "a" and self.name.endswith(("_transition", "_combine", "_to_owner"))
                or re.match(r"normfreeze\.profile(_columns)?\(.*,integer\b", self.signature))

    def argument_lists(self, chooser, combinations):
        """Lists of arguments: the ordinary one first."""
        tables = [self.values(i) for i in range(len(self.arguments))]
        ordinary = self.ordinary()
        yield ordinary
        if self.only_refuses():
            yield ["NULL" if kind == '"any"' else f"NULL::{kind}" for kind, _ in self.arguments]
            return
        for i, table in enumerate(tables):
            for value in table[1:]:
                yield ordinary[:i] + [value] + ordinary[i + 1:]
        yield ["NULL" if kind == '"any"' else f"NULL::{kind}" for kind, _ in self.arguments]
        for _ in range(combinations if len(tables) > 1 else 0):
            yield [chooser.choice(table) for table in tables]

    def statements(self, chooser, combinations):
        for arguments in self.argument_lists(chooser, combinations):
            lists = [arguments]
            if self.variadic == "t":
                lists += [arguments[:-1] + ["VARIADIC ARRAY[1.5, 2]"], arguments + [chooser.choice(ODD['"any"'])]]
            for chosen in lists:
                yield from self.calls(chosen, chooser)

    def calls(self, arguments, chooser):
        name = f"normfreeze.{self.name}"
        given = ", ".join(arguments)
        if self.kind == "a":
            ordinary = self.ordinary()
            mixed = [f"CASE WHEN g = 2 THEN {a} ELSE {o} END" if a != o and len(arguments) == len(ordinary) and "VARIADIC" not in a and self.arguments[i][0] != '"any"' else a
                     for i, (a, o) in enumerate(zip(arguments, ordinary + arguments[len(ordinary):]))]
            for call in (AGGREGATE_CALLS[0], chooser.choice(AGGREGATE_CALLS[1:])):
                # an ordered set of a VARIADIC list is a syntax error: no matter
                yield call.format(f=name, odd=given, mixed=", ".join(mixed))
        elif self.set == "t":
            columns = " AS t (id int, a float8, b float8, c float8, d float8, scaler_id bigint)" if self.name == "normalize_table" else ""
            yield f"SELECT * FROM {name}({given}){columns} LIMIT 2000"
        else:
            yield f"SELECT {name}({given})"


def functions(server):
    return [Function(line) for line in server.query(FUNCTIONS).splitlines()]


def attack(attacker, server, combinations, until=lambda: False, seed="matrix"):
    """Call all of them, each once before any twice; the number of functions, and the names of those whose ordinary call failed.

    What there is no time for is left out: arguments that come late in the tables.
    """
    every = [function for function in functions(server) if function.callable()]
    failed = []
    pending = [(function, function.statements(random.Random(f"{seed} {function.signature}"), combinations)) for function in every]
    first = True
    while first or (pending and not until()):
        still = []
        for function, statements in pending:
            statement = next(statements, None)
            if statement is None:
                continue
            outcome = attacker.send(statement)
            if first and outcome.state != "ok" and not function.only_refuses():
                failed.append(f"{function.signature}: {outcome.state}")
            still.append((function, statements))
        pending, first = still, False
    return len(every), failed
