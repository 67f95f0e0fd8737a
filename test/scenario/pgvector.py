#!/usr/bin/env python3
"""pgvector's own types: what is taken as it is, what with a cast, and the SQL of the hints.

pgvector beside the server, or Debian's, or else that of PostgreSQL 16 (test/lib/majors.py); skipped where none can be had.
"""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import majors                                                       # noqa: E402
import packages                                                     # noqa: E402
import report                                                       # noqa: E402
from common import Installation, Server, check, check_equal, check_error, check_in, run_scenario, run_tests  # noqa: E402

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


def has_pgvector(installation):
    return (installation.pkglibdir / "vector.so").exists()


def scenario(installation):
    with tempfile.TemporaryDirectory(prefix="normfreeze-pgvector-") as folder:
        if not has_pgvector(installation) and packages.add_extension(installation, "pgvector"):
            try:
                program, tree = majors.built(16)
            except majors.Unavailable as reason:
                report.skip(f"there is no pgvector beside this PostgreSQL server, nor PostgreSQL 16: {reason}")
            pathlib.Path(folder).chmod(0o755)
            installation = Installation(folder, program, source=tree)
        with Server(installation, "pgvector") as server:
            tests_of(server)


if __name__ == "__main__":
    run_scenario(scenario)
