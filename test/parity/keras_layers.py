"""from_keras() against layers of Keras 3, bit for bit: what they gave is in test/data/keras_layers.json.

    python3 -m venv VENV && VENV/bin/pip install keras==3.15.1 jax==0.10.2 tensorflow-cpu==2.21.0 &&
    for backend in jax numpy tensorflow; do KERAS_BACKEND=$backend VENV/bin/python test/parity/keras_layers.py; done

writes that file, a backend each. With NORMFREEZE_TEST_ALL=1 the test installs keras and jax, and holds what they give now against the file, too.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "keras_layers.json"
PACKAGES = ("keras==3.15.1", "jax==0.10.2")
ODD = (0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1e-30, 3e38, 1e-42, 16777217.0)
LAYERS = ({}, {"axis": None}, {"mean": [1.0, 2.0, 3.0, 4.0], "variance": [0.0, 1e-20, 2.0, 3.0]}, {"mean": 3.0, "variance": 2.0}, {"invert": True},
          {"mean": [1.0, 2.0, 3.0, 4.0], "variance": [0.0, 1e-20, 2.0, 3.0], "invert": True})
NAMES = ["a", "b", "c", "d"]


# ---- Keras ----

def given(rows):
    import numpy as np
    rng = np.random.default_rng(16)
    x = (rng.normal(size=(rows, 4)) * [1, 100, 1e-3, 1e6] + [5, 0, 1, 1e6]).astype(np.float32)
    return x, np.concatenate([x, np.repeat(np.float32(ODD)[:, None], 4, 1)])


def hexed(values):
    import numpy as np
    return np.ascontiguousarray(values, ">f4").tobytes().hex()


def recorded(rows=40):
    """What the layers give on the backend that Keras runs on."""
    import keras
    import numpy as np
    x, values = given(rows)
    layers = []
    for arguments in LAYERS:
        layer = keras.layers.Normalization(**arguments)
        layer.build((None, 4)) if "mean" in arguments else layer.adapt(x)
        model = keras.Sequential([keras.Input((4,)), layer])
        layers.append({"arguments": arguments, "mean": hexed(layer.mean), "variance": hexed(layer.variance),
                       "predict": hexed(model.predict(values, verbose=0)), "call": hexed(np.asarray(layer(values)))})
    backend = keras.config.backend()
    versions = {name: sys.modules[name].__version__ for name in ("keras", "jax", "tensorflow", "numpy") if name in sys.modules and name in ("keras", backend)}
    return backend, {"versions": versions, "values": hexed(values), "layers": layers}


def write():
    backend, record = recorded()
    document = json.loads(DATA.read_text()) if DATA.exists() else {}
    document[backend] = record
    DATA.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


# ---- the test ----

def singles(text, width=4):
    import numpy as np
    values = np.frombuffer(bytes.fromhex(text), ">f4").astype(np.float32)
    return values.reshape(-1, width) if len(values) % width == 0 else values


def layer_of(record):
    """An object with what from_keras() reads of a layer."""
    class Normalization:
        name, compute_dtype = "normalization", "float32"
        mean, variance = (singles(record[key]).reshape(1, -1) for key in ("mean", "variance"))
        invert = record["arguments"].get("invert", False)
    return Normalization()


def test_keras(server, connection):
    import cases
    import imports
    import normfreeze
    import report

    counts = imports.Counts("backend", "layer", "run by")
    documents = json.loads(DATA.read_text())
    for backend, document in documents.items():
        values = singles(document["values"])
        table = imports.load(connection, "keras", values)
        for record in document["layers"]:
            inverted = record["arguments"].get("invert", False)
            scaler = normfreeze.from_keras(layer_of(record), NAMES, backend)
            imports.import_scaler(connection, "bare(%s::normfreeze.scaler)", scaler.to_json())
            in_database = imports.applied(connection, table, values)
            # jax rounds product and sum by themselves unless they are compiled, as the others do
            eager = normfreeze.from_keras(layer_of(record), NAMES, "numpy") if backend == "jax" and inverted else scaler
            what = "inverted" if inverted else "scaling"
            counts.add((backend, what, "predict"), in_database, singles(record["predict"]), values)
            counts.add((backend, what, "predict"), scaler.transform(values), singles(record["predict"]), values)
            counts.add((backend, what, "call"), eager.transform(values), singles(record["call"]), values)
            if backend != "jax" and not inverted:
                statistics = {"names": NAMES, **{key: (singles(record[key]).ravel().astype(float).tolist() * 4)[:4] for key in ("mean", "variance")}}
                same, = connection.execute("SELECT normfreeze.from_parameters(%s, '{\"eps\": 1e-7, \"eps_in\": \"floor\", \"dtype\": \"float32\"}') = normfreeze.bare(s) "
                                           "FROM import_scaler", (json.dumps(statistics),)).fetchone()
                report.check(same, f"from_keras: from_parameters() makes the same scaler, {backend}", record["arguments"])
    report.check({"jax", "numpy"} <= set(documents), "from_keras: two backends at least")
    counts.check("from_keras", "Keras:")
    refused(normfreeze, report, documents["numpy"]["layers"][0])
    if cases.ALL:
        real(report, documents)


def refused(normfreeze, report, record):
    """What is no such layer, or no scaler."""
    layer = layer_of(record)

    class Model:
        layers = [layer, layer]

    class Other:
        pass

    def changed(**attributes):
        made = layer_of(record)
        for key, value in attributes.items():
            setattr(made, key, value)
        return made

    for what, arguments, state, part in (
            ("a model of two", (Model(),), "22023", "2 layers Normalization"), ("something else", (Other(),), "42804", "not Other"), ("nothing", (None,), "42804", "not NoneType"),
            ("another backend", (layer, None, "mxnet"), "22023", 'unknown backend "mxnet"'), ("three names", (layer, NAMES[:3]), "22023", "has 4 features, 3 names are given"),
            ("the same name twice", (layer, ["a", "a", "b", "c"]), None, '"a"'), ("half precision", (changed(compute_dtype="float16"),), "0A000", "computes in float16"),
            ("a layer without statistics", (changed(mean=None),), "22023", "has no mean and variance yet"),
            ("NaN", (changed(mean=layer.mean * float("nan")),), "22023", 'the mean of feature 1 of layer "normalization" is NaN'),
            ("a negative variance", (changed(variance=-layer.variance),), "22023", "the variance of feature 1")):
        try:
            normfreeze.from_keras(*arguments)
            report.check(False, f"from_keras refuses {what}")
        except normfreeze.Error as error:
            report.check(part in str(error) and (state is None or error.sqlstate == state), f"from_keras refuses {what}", (error.sqlstate, str(error)))


def real(report, documents):
    """Keras itself, on jax: what it gives now is what it gave, and from_keras() takes its own layers and models."""
    with tempfile.TemporaryDirectory(prefix="normfreeze-keras-") as folder:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder, *PACKAGES], check=True)
        code = ("import json, sys; sys.path[:0] = sys.argv[1:]; import keras, keras_layers, normfreeze; backend, record = keras_layers.recorded(); "
                "x, values = keras_layers.given(40); layer = keras.layers.Normalization(); layer.adapt(x); model = keras.Sequential([keras.Input((4,)), layer]); "
                "record['ids'] = [normfreeze.from_keras(it, list('abcd')).scaler_id for it in (layer, model)]; "
                "record['same'] = keras_layers.hexed(normfreeze.from_keras(model).transform(values)) == keras_layers.hexed(model.predict(values, verbose=0)); "
                "print(json.dumps(record))")
        here = pathlib.Path(__file__).resolve()
        ran = subprocess.run([sys.executable, "-c", code, folder, str(here.parent), str(here.parents[2] / "python")], check=True, text=True,
                             stdout=subprocess.PIPE, env={**os.environ, "KERAS_BACKEND": "jax"})
        record = json.loads(ran.stdout.splitlines()[-1])
        report.check_equal(record["layers"], documents["jax"]["layers"], "Keras on jax gives what it gave")
        report.check(record["same"] and record["ids"][0] == record["ids"][1], "from_keras of Keras's own layer and model", record["ids"])


TESTS = (test_keras,)

if __name__ == "__main__":
    write()
