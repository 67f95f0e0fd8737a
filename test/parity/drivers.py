"""psycopg's parameters, as programs send them: bound on the server, typed by the driver."""

import report

from psycopg import errors
from psycopg.types.json import Jsonb
from psycopg.types.string import StrDumper, StrDumperVarchar


def test_psycopg(server, connection):
    def one(query, *parameters):
        return connection.execute(query, parameters, prepare=True).fetchone()[0]

    for n in range(2):
        one("SELECT normfreeze.freeze(%s, normfreeze.fit(ARRAY[g, g * g], 'standard', %s)) FROM generate_series(1, 9) AS g",
            "driven", Jsonb({"names": ["a", "b"], "ddof": n}))
    first, second = (one("SELECT normfreeze.scaler_id(%s)", f"driven@v{n}") for n in (1, 2))
    # psycopg sends 1 as smallint and an id as bigint
    report.check_equal(one("SELECT normfreeze.promote('driven', %s)", 1), first, "psycopg: promote a version")
    report.check_equal(one("SELECT normfreeze.promote('driven', %s)", second), second, "psycopg: promote an id")
    report.check_equal(one("SELECT normfreeze.rollback('driven')"), first, "psycopg: rollback")
    report.check_equal(one("SELECT normfreeze.retire('driven', %s)", 2), second, "psycopg: retire")

    array = one("SELECT normfreeze.normalize(%s, %s)", [2.5, 4.0], first)
    report.check_equal(one("SELECT normfreeze.normalize(%s, %s)", [2.5, 4.0], "driven"), array, "psycopg: by ref")
    report.check_equal(one("SELECT normfreeze.normalize(%s::float8[], %s)", [2.5, None], first), [array[0], None],
                       "psycopg: a list with None needs the cast")
    report.check_equal(one("SELECT normfreeze.normalize(%s, %s)", Jsonb({"a": 2.5, "b": 4}), first),
                       {"a": array[0], "b": array[1]}, "psycopg: jsonb")
    report.check_equal(one("SELECT normfreeze.normalize(%s, %s, %s)", 2.5, first, "a"), array[0], "psycopg: a value")
    report.check_equal(one("SELECT normfreeze.denormalize(%s, %s)", array, first), [2.5, 4.0], "psycopg: and back")
    text = one("SELECT normfreeze.scaler(%s)::text", first)
    report.check_equal(one("SELECT normfreeze.normalize(%s, %s::normfreeze.scaler)", [2.5, 4.0], text), array,
                       "psycopg: by value")

    # a method as psycopg sends it by itself, and as text and as varchar, which is what JDBC's setString() sends
    expected = one("SELECT normfreeze.fingerprint(normfreeze.fit(ARRAY[g, g * g], 'robust')) FROM generate_series(1, 9) AS g")
    for dumper in (None, StrDumper, StrDumperVarchar):
        with connection.cursor() as cursor:
            if dumper:
                cursor.adapters.register_dumper(str, dumper)
            kind = dumper.__name__ if dumper else "untyped"
            fitted = cursor.execute("SELECT normfreeze.fingerprint(normfreeze.fit(ARRAY[g, g * g], %s)) FROM generate_series(1, 9) AS g",
                                    ("robust",), prepare=True).fetchone()[0]
            report.check_equal(fitted, expected, f"psycopg: the method as a parameter, {kind}")
            try:
                with connection.transaction():
                    cursor.execute("SELECT normfreeze.fit(ARRAY[g], %s) FROM generate_series(1, 9) AS g", ("standrad",), prepare=True)
                message = ""
            except (errors.FeatureNotSupported, errors.InvalidTextRepresentation) as error:
                message = f"{error.diag.message_primary} {error.diag.message_hint or ''}"
            report.check("standrad" in message and (dumper is None or "meanabs" in message), f"psycopg: no such method, {kind}: {message}")
