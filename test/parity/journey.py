"""A scaler's whole way: development, JSON, production, ONNX, Python, and back.

At every stop the fingerprint is the same, and so are the bits of what it computes.
"""

import pathlib
import sys

import numpy as np
import onnxruntime
from report import check, check_equal

import database
import wire

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
import normfreeze                                                   # noqa: E402

OPTIONS = '{"features": {"malic_acid": {"method": "minmax", "clip": true}, "ash": {"method": "robust", "missing": "median"}}}'


def same_bits(got, expected, name):
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    check(got.shape == expected.shape and not wire.unequal(got, expected).any(), name)


def test_journey(server, connection):
    """`server` is development; production is another one, which has never seen the data."""
    rows = np.random.default_rng(12).normal(size=(500, 3)) * [1, 10, 0.01] + [13, 2, 2.3]
    rows[::7, 2] = np.nan
    connection.execute("CREATE TEMPORARY TABLE wine (alcohol float8, malic_acid float8, ash float8)")
    with connection.cursor().copy("COPY wine FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["float8"] * 3)
        for row in rows.tolist():
            copy.write_row(row)
    scaler_id, = connection.execute("SELECT normfreeze.freeze('journey', normfreeze.fit(w, 'standard', %s)) FROM wine w",
                                    [OPTIONS]).fetchone()
    expected = [row[0] for row in connection.execute("SELECT normfreeze.normalize(w, %s) FROM wine w", [scaler_id])]
    fingerprint, whole = connection.execute(
        "SELECT s.fingerprint, normfreeze.scaler(s.scaler_id)::text FROM normfreeze.scalers s WHERE s.scaler_id = %s",
        [scaler_id]).fetchone()

    with database.servers.Server(server.installation, "production") as production_server:
        production = database.connect(production_server)
        production.execute("CREATE EXTENSION normfreeze")
        arrived, = production.execute("SELECT normfreeze.freeze('journey', %s::normfreeze.scaler, keep_profile => false)",
                                      [whole]).fetchone()
        check_equal(arrived, scaler_id, "production has the id of development")
        got = [production.execute("SELECT normfreeze.normalize(%s::float8[], %s)", [row, arrived]).fetchone()[0]
               for row in rows.tolist()]
        same_bits(got, expected, "production computes what development does")
        model, = production.execute("SELECT normfreeze.to_onnx(%s::bigint)", [arrived]).fetchone()
        returned, = production.execute("SELECT normfreeze.fingerprint(normfreeze.from_onnx(%s))", [model]).fetchone()
        check_equal(returned, fingerprint, "the model is imported as the same scaler")
        production.close()

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    check_equal(metadata["normfreeze.fingerprint"], fingerprint, "the model has the fingerprint")
    same_bits(session.run(None, {session.get_inputs()[0].name: rows})[0], expected, "ONNX Runtime computes the same")

    scaler = normfreeze.Scaler.from_json(metadata["normfreeze.scaler"]).verify()
    check_equal((scaler.scaler_id, scaler.fingerprint), (scaler_id, fingerprint), "Python has the same identity")
    same_bits(scaler.transform(rows), expected, "Python computes the same")
    back, = connection.execute("SELECT normfreeze.freeze('journey', %s::normfreeze.scaler)", [scaler.to_json()]).fetchone()
    check_equal(back, scaler_id, "back in development it is the same scaler")
    check_equal(connection.execute("SELECT count(*) FROM normfreeze.versions WHERE name = 'journey'").fetchone()[0], 1,
                "which was frozen once")
    connection.execute("DROP TABLE wine")
