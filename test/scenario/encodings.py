"""Databases in other encodings: the same names and keys are the same scaler, with the same id."""

from common import Server, check, check_equal, run_scenario, run_tests

TABLE = """SET client_encoding = 'UTF8';
CREATE TABLE t ("größe" float8, "naïve" float8, ort text);
INSERT INTO t VALUES (1, 2, 'Köln'), (2, 5, 'Köln'), (4, 3, 'Århus'), (8, 13, 'Århus');
"""
FIT = """SELECT normfreeze.freeze('größe', normfreeze.fit(t, 'standard', '{"exclude": ["ort"], "missing": "mean"}')) FROM t"""
SET = """SELECT normfreeze.freeze('orte', normfreeze.by_key(ort, s)) FROM
         (SELECT ort, normfreeze.fit(t, 'minmax', '{"columns": ["größe"]}') AS s FROM t GROUP BY ort) AS g"""


def query(server, database, sql):
    return server.query("SET client_encoding = 'UTF8';\n" + sql, database)


def make(server, encoding):
    name = encoding.lower()
    server.query(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
    server.query("CREATE EXTENSION normfreeze", name)
    return name


def test_same_id(server):
    """Fitted in each encoding for itself."""
    for encoding in ("UTF8", "LATIN1", "WIN1252", "LATIN9"):
        query(server, make(server, encoding), TABLE)
    expected = query(server, "utf8", FIT)
    expected_set = query(server, "utf8", SET)
    check(int(expected) > 0 and int(expected_set) > 0, "scalers are frozen")
    for name in ("latin1", "win1252", "latin9"):
        check_equal(query(server, name, FIT), expected, f"a scaler has the same id in {name}")
        check_equal(query(server, name, SET), expected_set, f"a set has the same id in {name}")
        check_equal(query(server, name, "SELECT count(*) FROM normfreeze.verify() WHERE NOT ok"), "0", f"verify() in {name}")
        for sql in ("SELECT normfreeze.normalize(t, 'größe@latest') FROM t ORDER BY 1",
                    "SELECT normfreeze.normalize_by_key(t, 'orte@latest', ort) FROM t ORDER BY 1",
                    "SELECT normfreeze.feature_names(normfreeze.scaler_id('größe@latest'))",
                    "SELECT normfreeze.fingerprint(normfreeze.fit(t, 'maxabs', '{\"exclude\": [\"ort\"]}')) FROM t",
                    "SELECT normfreeze.profile_digest(normfreeze.profile(t, ARRAY['naïve'])) FROM t"):
            check_equal(query(server, name, sql), query(server, "utf8", sql), f"{sql} in {name}")


def test_travel(server):
    """As text, as an export of a name, and in a dump."""
    check_equal(query(server, "latin1", "SELECT normfreeze.scaler(normfreeze.scaler_id('größe@latest'))"),
                query(server, "utf8", "SELECT normfreeze.scaler(normfreeze.scaler_id('größe@latest'))"), "the text is the same")
    for name in ("größe", "orte"):
        exported = query(server, "utf8", f"SELECT jsonb_agg(e) FROM normfreeze.export_name('{name}') AS e")
        check(query(server, "latin1", f"SELECT action FROM normfreeze.import_name($export${exported}$export$)") == "unchanged",
              f"{name} of UTF8 is what LATIN1 has")
    dump = server.program("pg_dump", "utf8").stdout
    server.query("CREATE DATABASE restored ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    server.query(dump, "restored")
    check_equal(query(server, "restored", "SELECT count(*) FROM normfreeze.verify() WHERE NOT ok"), "0", "a dump of UTF8 is sound in LATIN1")
    check_equal(query(server, "restored", "SELECT normfreeze.scaler_id('größe@latest')"),
                query(server, "utf8", "SELECT normfreeze.scaler_id('größe@latest')"), "with the same id")


def test_untranslatable(server):
    """A name that the encoding does not have is an error, and nothing is lost."""
    query(server, "utf8", 'CREATE TABLE u ("имя" float8); INSERT INTO u VALUES (1), (2)')
    text = query(server, "utf8", "SELECT normfreeze.fit(u, 'standard') FROM u")
    error = server.error(f"SET client_encoding = 'UTF8'; SELECT normfreeze.id_of($json${text}$json$::normfreeze.scaler)", "latin1")
    check("22P05" in error, "a name that LATIN1 lacks is refused", error)
    escaped = text.encode("ascii", "backslashreplace").decode()
    error = server.error(f"SELECT normfreeze.id_of($json${escaped}$json$::normfreeze.scaler)", "latin1")
    check("22P05" in error or "22P02" in error or "0A000" in error, "as an escape too", error)
    long = "ü" * 513
    error = server.error(f"SET client_encoding = 'UTF8'; SELECT normfreeze.fit(v, 'standard', '{{\"names\": [\"{long}\"]}}') "
                         "FROM (VALUES ('{1}'::float8[])) AS s (v)", "latin1")
    check("42622" in error and "1026 bytes" in error, "names are as long as they are in UTF-8", error)


def scenario(installation):
    with Server(installation, "encodings") as server:
        run_tests([lambda: test_same_id(server), lambda: test_travel(server), lambda: test_untranslatable(server)])


if __name__ == "__main__":
    run_scenario(scenario)
