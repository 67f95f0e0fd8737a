"""to_sql() and to_sql_check() in other systems than those of the parity tests, run by the real ones, bit for bit.

    test/scenario/engines.py            those that are small enough for every run
    test/scenario/engines.py NAME ...   some, and with test_NAME some tests; NORMFREEZE_TEST_ALL=1: all, each in a process of its own

The tests are those of test/parity/exports_sql.py.  At the end is a line of each: values that were compared, and how many differ.
"""

import functools
import os
import pathlib
import re
import subprocess
import sys
import warnings

from common import exit_with_summary, installation

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/parity"))

import numpy as np  # noqa: E402

import database  # noqa: E402
import exports_sql  # noqa: E402
import other_engines  # noqa: E402
import report  # noqa: E402
import sql_engines  # noqa: E402
import table  # noqa: E402
from server import Server  # noqa: E402

ALL = os.environ.get("NORMFREEZE_TEST_ALL")
EVERY_RUN = ("DataFusion",)
FURTHER = ("H2", "ClickHouse", "Spark", "SparkWithoutANSI", "SparkInterpreted", "HSQLDB", "MariaDB", "Firebird", "Trino")
SHORT = ("test_imported", "test_error_policies", "test_names", "test_check_can_fail", "test_column_types")     # of every run
TESTS = [name for name in sys.argv[1:] if name.startswith("test_")]


def run_engine(engine, server, connection):
    sql_engines.others[:] = [lambda: engine]
    names = TESTS or (() if ALL or sys.argv[1:] else SHORT)
    for test in [test for test in exports_sql.RUN if not names or test.__name__ in names]:
        report.run_tests([functools.update_wrapper(functools.partial(test, server, connection), test)])
    tallies = [tally for (_, peer, _, _), tally in table.THE_TABLE.lines.items() if peer == f"to_sql: {engine.line}"]
    print(f"{engine.line}: {sum(tally.values for tally in tallies)} values, {sum(tally.unequal for tally in tallies)} differ", flush=True)


def run_in_a_process(name):
    """An engine in a process of its own: what one does to signals, threads or settings of a process, another may not survive.
    (chdb takes SIGSEGV away from a Java that runs in the same process, which needs it.)"""
    alone = subprocess.run([sys.executable, __file__, name, *TESTS], text=True, stdout=subprocess.PIPE)
    *lines, summary = alone.stdout.splitlines() or [""]
    print("\n".join(lines), flush=True)
    found = re.fullmatch(r"(\d+) passed, (\d+) failed(, skipped: .*)?", summary)
    if found and found[3]:
        print(summary)
    elif found:
        report.passed += int(found[1])
        report.failed += int(found[2])
    report.check(found and alone.returncode == (1 if int(found[2]) else 0), f"{name} ran to its end", f"exit code {alone.returncode}, {summary}")


def install(folder):
    """Packages of Python that the other tests do without."""
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder,
                        "-r", ROOT / "test/engines.txt"], check=True)
    sys.path.append(str(folder))


def main():
    np.seterr(all="ignore")
    warnings.simplefilter("ignore", RuntimeWarning)
    names = [name for name in sys.argv[1:] if name not in TESTS] or (EVERY_RUN + FURTHER if ALL else EVERY_RUN)
    folder = ROOT / "build/engines"
    folder.mkdir(parents=True, exist_ok=True)
    if tuple(names) != EVERY_RUN:
        install(folder / "packages")
    if len(names) > 1:
        for name in names:
            run_in_a_process(name)
        exit_with_summary()
    with installation() as made, Server(made, "engines", {"max_wal_size": "4GB"}) as server:
        connection = database.connect(server)
        connection.execute("CREATE EXTENSION normfreeze")
        try:
            engine = getattr(other_engines, names[0])(folder)
        except (other_engines.Missing, ImportError) as reason:
            report.skip(f"{names[0]}: {reason}")
        run_engine(engine, server, connection)
        engine.close()
        connection.close()
    exit_with_summary()


if __name__ == "__main__":
    main()
