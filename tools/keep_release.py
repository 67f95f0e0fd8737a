#!/usr/bin/env python3
"""keep_release.py [--exports]: keep what this version freezes, and what it gives, for all later ones to be held to.

Writes test/data/released/VERSION: `registry.sql.xz`, the dump of a database that `fill.sql` there has filled, and
`expected.json.xz`, which is what observe() has seen of it.  `fill.sql` is copied from the last release if it is not there
yet: add to it what is new, before.  Run it once, with the version that is released; test/scenario/released.py compares every
later version with it.

With --exports it writes anew what releases are expected to export, and nothing else: for a change of these texts that is
meant, and that gives the same results.
"""

import argparse
import json
import lzma
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "test" / "lib")]

from release import as_numbers, present_version                     # noqa: E402
from server import Installation, Server                             # noqa: E402

KEPT = ROOT / "test" / "data" / "released"

# what may be written in another way that gives the same results
EXPORTS = ("to_onnx", "to_pmml", "to_sklearn", "to_sql")

# rows of n features: each value in each place, missing ones and infinities among them
VALUES = "{1.5,-2.25,0,NULL,3,NaN,0.1,1e10,-Infinity,41,-1e-300}"

OBSERVE = """
CREATE FUNCTION pg_temp.attempt(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE query INTO result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN 'error ' || SQLSTATE;
END $$;

CREATE TEMP TABLE scaler AS
    SELECT s.scaler_id AS id, s.fingerprint, s.scaler, e.member, jsonb_array_length(s.scaler::jsonb->'features') AS width, s.probe_inputs, s.probe_outputs
    FROM normfreeze.scalers AS s LEFT JOIN LATERAL (SELECT DISTINCT true AS member FROM normfreeze.members AS m WHERE m.set_id = s.scaler_id) AS e ON true;

CREATE TEMP TABLE input AS
    SELECT s.id, r AS row, (SELECT array_agg((%(values)s::float8[])[1 + (r * 3 + f) %% 11] ORDER BY f) FROM generate_series(1, s.width) AS f) AS features
    FROM scaler AS s, generate_series(1, 11) AS r WHERE s.member IS NULL;

CREATE TEMP TABLE output AS
    SELECT i.*, pg_temp.attempt(format('SELECT normfreeze.normalize(%%L::float8[], %%s)', features, id)) AS result FROM input AS i;

CREATE TEMP TABLE seen AS
-- identity and forms
SELECT 'fingerprint' AS what, id::text AS which, fingerprint AS value FROM scaler
UNION ALL SELECT 'text', id::text, scaler::text FROM scaler
UNION ALL SELECT 'binary', id::text, encode(normfreeze.scaler_send(scaler), 'hex') FROM scaler
UNION ALL SELECT 'jsonb', id::text, scaler::jsonb::text FROM scaler
UNION ALL SELECT 'id', id::text, normfreeze.id_of(scaler)::text FROM scaler
UNION ALL SELECT 'probes', id::text, encode(array_send(probe_inputs), 'hex') || encode(array_send(probe_outputs), 'hex') FROM scaler
UNION ALL SELECT 'profile', digest, profile::text FROM normfreeze.profiles
UNION ALL SELECT 'profile binary', digest, encode(normfreeze.profile_send(profile), 'hex') FROM normfreeze.profiles
UNION ALL SELECT 'kept', 'fitted', encode(normfreeze.scaler_send(fitted), 'hex') FROM golden.kept
UNION ALL SELECT 'kept', 'seen', encode(normfreeze.profile_send(seen), 'hex') FROM golden.kept
-- bits: a row, a row back, a row of reals
UNION ALL SELECT 'input', concat_ws(' ', id, row), encode(array_send(features), 'hex') FROM input
UNION ALL SELECT 'normalize', concat_ws(' ', id, row), CASE WHEN result LIKE 'error%%' THEN result ELSE encode(array_send(result::float8[]), 'hex') END FROM output
UNION ALL SELECT 'denormalize', concat_ws(' ', id, row), pg_temp.attempt(format(
    'SELECT encode(array_send(normfreeze.denormalize(%%L::float8[], %%s)), ''hex'')', result, id)) FROM output WHERE result NOT LIKE 'error%%'
UNION ALL SELECT 'normalize reals', concat_ws(' ', id, row), pg_temp.attempt(format(
    'SELECT encode(array_send(normfreeze.normalize(%%L::real[], %%s)), ''hex'')', features, id)) FROM input
UNION ALL SELECT 'normalize a value', concat_ws(' ', d.id, d.feature), pg_temp.attempt(format(
    'SELECT encode(float8send(normfreeze.normalize(2.5::float8, %%s, %%L)), ''hex'')', d.id, d.feature))
    FROM (SELECT s.id, f->>'name' AS feature FROM scaler AS s, jsonb_array_elements(s.scaler::jsonb->'features') AS f) AS d WHERE d.feature IS NOT NULL
UNION ALL SELECT 'normalize by key', concat_ws(' ', k.set_id, k.key), pg_temp.attempt(format(
    'SELECT encode(array_send(normfreeze.normalize_by_key(ARRAY[1.5, -2.25]::float8[], %%s, %%L)), ''hex'')', k.set_id, k.key))
    FROM (SELECT set_id, key FROM normfreeze.members UNION SELECT set_id, 'another' FROM normfreeze.members) AS k
UNION ALL SELECT 'stored column', row_number() OVER (ORDER BY a, b)::text, encode(array_send(z), 'hex') FROM golden.scored
-- what leaves the database
UNION ALL SELECT 'to_onnx', id::text, pg_temp.attempt(format('SELECT encode(normfreeze.to_onnx(%%s), ''hex'')', id)) FROM scaler WHERE member IS NULL
UNION ALL SELECT 'to_pmml', id::text, pg_temp.attempt(format('SELECT normfreeze.to_pmml(%%s)', id)) FROM scaler WHERE member IS NULL
UNION ALL SELECT 'to_sklearn', id::text, pg_temp.attempt(format('SELECT normfreeze.to_sklearn(%%s)', id)) FROM scaler WHERE member IS NULL
UNION ALL SELECT 'to_sql ' || dialect, id::text, pg_temp.attempt(format('SELECT normfreeze.to_sql(%%s, ''t'', %%L)', id, dialect))
    FROM scaler, unnest('{postgres,duckdb,sqlite,snowflake,bigquery,spark,trino,clickhouse,h2,hsqldb,firebird,mysql,redshift}'::text[]) AS dialect WHERE member IS NULL
UNION ALL SELECT 'export_name', concat_ws(' ', name, e->>'version'), (e #- '{source}')::text
    FROM (SELECT DISTINCT name FROM normfreeze.versions) AS v, normfreeze.export_name(v.name) AS e
-- the registry's rows
UNION ALL SELECT 'versions', concat_ws(' ', name, version), to_jsonb(v)::text FROM normfreeze.versions AS v
UNION ALL SELECT 'stage_log', concat_ws(' ', name, seq), to_jsonb(l)::text FROM normfreeze.stage_log AS l
UNION ALL SELECT 'members', concat_ws(' ', set_id, key), to_jsonb(m)::text FROM normfreeze.members AS m
UNION ALL SELECT 'stage_access_log', concat_ws(' ', stage, seq), to_jsonb(l)::text FROM normfreeze.stage_access_log AS l
UNION ALL SELECT 'drift_log', concat_ws(' ', scaler_id, seq), to_jsonb(l)::text FROM normfreeze.drift_log AS l
UNION ALL SELECT 'use_log', concat_ws(' ', scaler_id, seq), to_jsonb(l)::text FROM normfreeze.use_log AS l
UNION ALL SELECT 'purge_log', concat_ws(' ', digest, seq), to_jsonb(l)::text FROM normfreeze.purge_log AS l
UNION ALL SELECT 'stages', concat_ws(' ', name, stage), to_jsonb(s)::text FROM normfreeze.stages AS s;

SELECT json_agg(json_build_array(what, which, value) ORDER BY what, which COLLATE "C") FROM seen;
"""


def observe(query):
    """{what: {which: value}} of a database that fill.sql has filled; query(sql) gives what psql prints."""
    seen = {}
    for what, which, value in json.loads(query(OBSERVE % {"values": f"'{VALUES}'"})):
        seen.setdefault(what, {})[which] = without_version(what, value)
    return seen


def without_version(what, value):
    """ONNX and PMML name the version of normfreeze that wrote them: it is left out."""
    if what == "to_onnx" and not value.startswith("error"):
        model, producer = bytes.fromhex(value), b"\x12\x0anormfreeze\x1a"
        end = model.index(producer) + len(producer)
        return (model[:end] + model[end + 1 + model[end]:]).hex()
    if what == "to_pmml":
        return re.sub(r'(<Application name="normfreeze" version=")[^"]*', r"\1", value, count=1)
    return value


# ---- what is kept ----

def versions():
    """The releases that are kept, the oldest first."""
    return sorted((path.parent.name for path in KEPT.glob("*/expected.json.xz")), key=as_numbers)


def fill(version):
    return (KEPT / version / "fill.sql").read_text()


def registry(version):
    return lzma.decompress((KEPT / version / "registry.sql.xz").read_bytes()).decode()


def expected(version):
    return json.loads(lzma.decompress((KEPT / version / "expected.json.xz").read_bytes()))


def write_packed(path, text):
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def write_expected(version, seen):
    write_packed(KEPT / version / "expected.json.xz", json.dumps(seen, indent=1, ensure_ascii=False) + "\n")


def keep(server, version):
    folder = KEPT / version
    if (folder / "expected.json.xz").exists():
        sys.exit(f"{folder.relative_to(ROOT)} is there: what was released does not change")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "fill.sql").exists():
        (folder / "fill.sql").write_text(fill(versions()[-1]))
    server.new_database("golden")
    server.query(fill(version), "golden")
    dump = server.program("pg_dump", "-U", "postgres", "-d", "golden").stdout
    # older versions of psql do not know \\restrict
    write_packed(folder / "registry.sql.xz", re.sub(r"^\\(un)?restrict .*\n", "", dump, flags=re.MULTILINE))
    write_expected(version, observe(lambda sql: server.query(sql, "golden")))


def accept_exports(server):
    for version in versions():
        server.new_database("golden")
        server.query(registry(version), "golden")
        seen = observe(lambda sql: server.query(sql, "golden"))
        write_expected(version, {what: seen[what] if what.split()[0] in EXPORTS else values for what, values in expected(version).items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--exports", action="store_true", help="write anew what is expected of exports, and nothing else")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="normfreeze-release-") as folder, Server(Installation(folder), "release") as server:
        if arguments.exports:
            accept_exports(server)
        else:
            keep(server, present_version())


if __name__ == "__main__":
    main()
