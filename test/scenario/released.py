#!/usr/bin/env python3
"""What a release has frozen gives the same now: ids, bits, bytes of every format, rows, and verify().

test/data/released has, for each release, a registry that its own library filled, and what it gave (tools/keep_release.py).
"""

import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "scenario"), str(ROOT / "tools"), str(ROOT / "python")]

from common import Server, check, check_equal, failed_checks, run_scenario, run_tests  # noqa: E402
import keep_release                                                 # noqa: E402

# rows of tables and views, as JSON: a later version may have more columns
ROWS = ("versions", "stage_log", "members", "stage_access_log", "drift_log", "use_log", "purge_log", "stages")


def check_same(got, expected, name):
    """One check a kind; the first difference is shown."""
    for what, values in expected.items():
        seen = got.get(what, {})
        if what in ROWS:
            seen = {which: text and json.dumps({key: value for key, value in json.loads(text).items() if key in json.loads(values.get(which, "{}"))}, sort_keys=True)
                    for which, text in seen.items()}
            values = {which: json.dumps(json.loads(text), sort_keys=True) for which, text in values.items()}
        different = [which for which in values.keys() | seen.keys() if values.get(which) != seen.get(which)]
        detail = "" if not different else f"{len(different)} of {len(values)}: {different[0]} is {str(seen.get(different[0]))[:300]} " \
            f"instead of {str(values.get(different[0]))[:300]}"
        check(values and not different, f"{name}: {what}", detail)


def observed(server, database):
    return keep_release.observe(lambda sql: server.query(sql, database))


def floats(hexadecimal):
    """Of what array_send() gave of one dimension; NULL is None."""
    data = bytes.fromhex(hexadecimal)
    values, at = [], 20
    while at < len(data):
        length, = struct.unpack_from(">i", data, at)
        at += 4
        values.append(None if length < 0 else struct.unpack_from(">d" if length == 8 else ">f", data, at)[0])
        at += max(length, 0)
    return values


def bits(values):
    """A NaN is a NaN: numpy's has the sign that the processor gave it."""
    return struct.pack(f">{len(values)}d", *(float("nan") if value != value else value for value in values)).hex()


def check_python(expected, name):
    """normfreeze.py reads the same JSON, and gives the same bits, or the same refusal."""
    import normfreeze
    import numpy

    rows = refused = 0
    different = []
    sets = {json.loads(row)["set_id"] for row in expected["members"].values()}
    for identity, text in expected["text"].items():
        # Python reads sets with their members, which the registry keeps by themselves
        if int(identity) in sets:
            continue
        scaler = normfreeze.Scaler.from_json(text)
        if json.loads(scaler.to_json()) != json.loads(text) or str(scaler.scaler_id) != identity:
            different.append(f"{identity}: its JSON")
        scaler.verify()
        for row in range(1, 12):
            given, result = floats(expected["input"][f"{identity} {row}"]), expected["normalize"][f"{identity} {row}"]
            if None in given:
                continue
            try:
                got = bits(scaler.transform(numpy.array([given]))[0])
            except normfreeze.Error as error:
                got = f"error {error.sqlstate}"
            if result.startswith("error"):
                refused += 1
                same = got == result
            else:
                rows += 1
                # what is NULL in the database is NaN here
                same = got == bits([float("nan") if value is None else value for value in floats(result)])
            if not same:
                different.append(f"{identity} of {given} is {got} instead of {result}")
    check(rows > 300 and refused > 5, f"{name}: Python has rows to compare", f"{rows}, {refused}")
    check_equal(different[:3], [], f"{name}: Python gives the same")


def tests_of(server, version):
    expected = keep_release.expected(version)
    dump = keep_release.registry(version)

    def old_objects_with_the_library_of_today():
        server.new_database("old")
        server.query(f"CREATE EXTENSION normfreeze VERSION '{version}'", "old")
        server.query(dump, "old")
        check_same(observed(server, "old"), expected, f"{version}, not updated")

    def updated():
        server.query("ALTER EXTENSION normfreeze UPDATE", "old")
        check_same(observed(server, "old"), expected, f"{version}, updated")
        check_equal(failed_checks(server, "old"), "", f"{version}, updated: verify() finds nothing")
        check(int(server.query("SELECT count(*) FROM normfreeze.verify() WHERE ok", "old")) > 4 * len(expected["text"]) // 2, "and has checked something")

    def dump_into_the_new_version():
        server.new_database("restored")
        server.query(dump, "restored")
        check_same(observed(server, "restored"), expected, f"{version}, its dump restored")
        check_equal(failed_checks(server, "restored"), "", f"{version}, its dump restored: verify() finds nothing")

    def back_to_the_old_version():
        server.new_database("back")
        server.query(f"CREATE EXTENSION normfreeze VERSION '{version}'", "back")
        # the tables that the old version lacks
        config = "SELECT unnest(extconfig)::regclass FROM pg_extension WHERE extname = 'normfreeze'"
        added = sorted(set(server.query(config, "restored").splitlines()) - set(server.query(config, "back").splitlines()))
        check_equal([table for table in added if server.query(f"SELECT count(*) FROM {table}", "restored") != "0"], [], "they are empty, where nothing new was used")
        without = [f"--exclude-table-data={table}" for table in added]
        server.query(server.program("pg_dump", "-U", "postgres", "-d", "restored", *without).stdout, "back")
        check_equal(server.query("SELECT extversion FROM pg_extension WHERE extname = 'normfreeze'", "back"), version, "a database of the old version")
        check_same(observed(server, "back"), expected, f"a dump of today's version, restored into {version}")

    def fitted_anew():
        server.new_database("anew")
        server.query(keep_release.fill(version), "anew")
        got = observed(server, "anew")
        for what in ("fingerprint", "binary", "probes", "profile binary", "kept", "normalize"):
            check_same({what: got[what]}, {what: expected[what]}, f"{version}, fitted anew")

    def python():
        check_python(expected, version)

    return [old_objects_with_the_library_of_today, updated, dump_into_the_new_version, back_to_the_old_version, fitted_anew, python]


def scenario(installation):
    with Server(installation, "released") as server:
        for version in keep_release.versions():
            run_tests(tests_of(server, version))
    check(keep_release.versions(), "there are releases")


if __name__ == "__main__":
    run_scenario(scenario)
