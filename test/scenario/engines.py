"""to_sql() and to_sql_check() in other systems than those of the parity tests, run by the real ones, bit for bit.

    test/scenario/engines.py            those that are small enough for every run
    test/scenario/engines.py NAME ...   some, and with test_NAME some tests; NORMFREEZE_TEST_ALL=1: all

The tests are those of test/parity/exports_sql.py.  At the end is a line of each: values that were compared, and how many differ.
"""

import functools
import os
import pathlib
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
FURTHER = ("H2", "ClickHouse", "Spark", "HSQLDB", "MariaDB", "Firebird")
ALONE = ("SparkWithoutANSI", "SparkInterpreted")        # other settings of the same process
SHORT = ("test_imported", "test_error_policies", "test_names", "test_check_can_fail", "test_column_types")     # of every run
TESTS = [name for name in sys.argv[1:] if name.startswith("test_")]


def run_engines(engines, server, connection):
    """All of them in one go: scalers are fitted once."""
    sql_engines.others[:] = [lambda engine=engine: engine for engine in engines]
    names = TESTS or (() if ALL or sys.argv[1:] else SHORT)
    for test in [test for test in exports_sql.RUN if not names or test.__name__ in names]:
        report.run_tests([functools.update_wrapper(functools.partial(test, server, connection), test)])
    for engine in engines:
        tallies = [tally for (_, peer, _, _), tally in table.THE_TABLE.lines.items() if peer == f"to_sql: {engine.line}"]
        print(f"{engine.line}: {sum(tally.values for tally in tallies)} values, {sum(tally.unequal for tally in tallies)} differ", flush=True)


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
    if names != EVERY_RUN:
        install(folder / "packages")
    with installation() as made, Server(made, "engines", {"max_wal_size": "4GB"}) as server:
        connection = database.connect(server)
        connection.execute("CREATE EXTENSION normfreeze")
        engines = []
        for name in names:
            try:
                engines.append(getattr(other_engines, name)(folder))
            except (other_engines.Missing, ImportError) as reason:
                report.say_skipped(f"{name}: {reason}")
        run_engines(engines, server, connection)
        for engine in engines:
            engine.close()
        connection.close()
    if ALL and not sys.argv[1:]:
        for name in ALONE:
            alone = subprocess.run([sys.executable, __file__, name], text=True, stdout=subprocess.PIPE)
            print(alone.stdout)
            report.check_equal(alone.returncode, 0, name)
    exit_with_summary()


if __name__ == "__main__":
    main()
