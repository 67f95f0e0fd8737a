"""The export that docs/export.md recommends, in readers that are too large for every run, at night: ADBC, ClickHouse, fastparquet, Spark, Node.

What the readers of every run make of it: test/parity/further_readers.py, which has the values.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from common import Server, check, check_equal, exit_with_summary, installation
from report import say_skipped, skip

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/parity"))
FOLDER = ROOT / "build/readers"
NODE = ("hyparquet@1.33.0", "hyparquet-compressors@1.1.2", "parquet-wasm@0.8.0", "apache-arrow@21.2.0", "@duckdb/node-api@1.5.6-r.1")

# each prints, as JSON, for each reader the values as text of hexadecimal digits or null, and the ids
PYTHON = """
import io, json, sys
import chdb, fastparquet, pyarrow
import adbc_driver_postgresql.dbapi as adbc
path, uri, query = sys.argv[1:]
found = {}
result = chdb.query(f"SELECT x, toString(scaler_id) AS s FROM file('{path}') ORDER BY i", "Arrow")
table = pyarrow.ipc.open_file(io.BytesIO(result.bytes())).read_all()
found["ClickHouse"] = table["x"].to_pylist(), table["s"].to_pylist()
frame = fastparquet.ParquetFile(path).to_pandas()
found["fastparquet"] = frame.x.tolist(), frame.scaler_id.tolist()
with adbc.connect(uri) as connection, connection.cursor() as cursor:
    cursor.execute(query)
    table = cursor.fetch_arrow_table()
    found["ADBC"] = table["x"].to_pylist(), table["scaler_id"].to_pylist()
print(json.dumps({name: [[None if v is None else float(v).hex() for v in x], sorted({str(s) for s in ids})] for name, (x, ids) in found.items()}))
"""

SPARK = """
import json, sys
sys.path.append(sys.argv[2])
from pyspark.sql import SparkSession
session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
rows = session.read.parquet(sys.argv[1]).orderBy("i").collect()
print(json.dumps({"Spark": [[None if r.x is None else r.x.hex() for r in rows], sorted({str(r.scaler_id) for r in rows})]}))
"""

JAVASCRIPT = """
import fs from 'fs';
import {asyncBufferFromFile, parquetReadObjects} from 'hyparquet';
import {compressors} from 'hyparquet-compressors';
import {readParquet} from 'parquet-wasm/node';
import {tableFromIPC} from 'apache-arrow';
import {DuckDBInstance} from '@duckdb/node-api';
const path = process.argv[2], found = {};
const rows = await parquetReadObjects({file: await asyncBufferFromFile(path), compressors});
found.hyparquet = [rows.map(r => r.x), rows.map(r => r.scaler_id)];
const table = tableFromIPC(readParquet(fs.readFileSync(path)).intoIPCStream());
found['parquet-wasm'] = [[...table.getChild('x')], [...table.getChild('scaler_id')]];
const connection = await (await DuckDBInstance.create()).connect();
const read = (await connection.runAndReadAll(`SELECT x, scaler_id FROM '${path}' ORDER BY i`)).getRows();
found['DuckDB in Node'] = [read.map(r => r[0]), read.map(r => r[1])];
const bits = x => { const view = new DataView(new ArrayBuffer(8)); view.setFloat64(0, x); return view.getBigUint64(0).toString(16).padStart(16, '0') };
console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([name, [x, ids]]) =>
    [name, [x.map(v => v === null ? null : bits(v)), [...new Set(ids.map(String))].sort()]]))));
"""


def checked(result, values, nulls, from_text, null_is_nan=()):
    import further_readers
    if not check_equal(result.returncode, 0, f"the readers run: {result.stderr[-2000:]}"):
        return
    for name, (x, ids) in json.loads(result.stdout.splitlines()[-1]).items():
        got = [None if value is None else from_text(value) for value in x]
        if name in null_is_nan:
            got = [None if null else value for value, null in zip(got, nulls)]
        check(further_readers.same(got, values, nulls), f"{name} reads the export, bit for bit")
        check_equal(ids, [str(further_readers.ID)], f"{name} reads ids of 63 bits")


def main():
    if not os.environ.get("NORMFREEZE_TEST_ALL"):
        skip("ClickHouse, Spark, ADBC, fastparquet and Node read exports at night (make nightly)")
    import database
    import further_readers
    import numpy as np
    import pyarrow.parquet

    def from_bits(text):
        return float(np.array(int(text, 16), np.uint64).view(float))

    FOLDER.mkdir(parents=True, exist_ok=True)
    program = FOLDER / "venv/bin/python"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", ROOT / "test/readers.txt"], check=True)
    with installation() as made, Server(made, "readers", {}) as server:
        connection = database.connect(server)
        values, nulls = further_readers.make_table(connection)
        path = FOLDER / "exported.parquet"
        pyarrow.parquet.write_table(further_readers.arrow_of(connection), path)
        info = connection.info
        uri = f"postgresql:///{info.dbname}?host={info.host}&port={info.port}&user={info.user}"
        checked(subprocess.run([program, "-W", "ignore", "-c", PYTHON, path, uri, further_readers.QUERY], text=True, capture_output=True),
                values, nulls, float.fromhex, ("fastparquet",))
        connection.close()
    spark = ROOT / "build/engines/packages"             # test/scenario/engines.py leaves it there
    if (spark / "pyspark").exists():
        checked(subprocess.run([sys.executable, "-c", SPARK, path, spark], text=True, capture_output=True), values, nulls, float.fromhex)
    else:
        say_skipped("pyspark is not in build/engines (make test ONLY=engines NORMFREEZE_TEST_ALL=1)")
    if shutil.which("npm"):
        (FOLDER / "read.mjs").write_text(JAVASCRIPT)
        if not (FOLDER / "node_modules").exists():
            subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", FOLDER, *NODE], check=True, capture_output=True)
        checked(subprocess.run(["node", FOLDER / "read.mjs", path], text=True, capture_output=True), values, nulls, from_bits)
    else:
        say_skipped("there is no npm")
    exit_with_summary()


if __name__ == "__main__":
    main()
