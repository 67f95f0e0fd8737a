"""to_onnx() and to_pmml() in onnxruntime and JPMML, against normalize(), bit for bit; and back.

JPMML has one zero only, so signs of zeros are not compared there.
"""

import itertools
import json
import math
import re

import numpy as np
import onnx
import onnxruntime
import psycopg
from jpmml_evaluator import JavaError
from psycopg import sql

import cases
import datasets
import estimators
import jpmml
import report
import sequences
import wire
from table import THE_TABLE

ONNX = f"onnxruntime {onnxruntime.__version__}"
PMML = "JPMML (zeros without sign)"
UNSUPPORTED = "0A000"

# every policy that is no error, by what it is for; each is tried with each
POLICIES = {
    "missing": ("keep", "nan", "zero", "mean", "most_frequent", "min", "max", -3.5),
    "outside": ("keep", "clip", "null"),
    "constant": ("unit", "null"),
}
POLICY_METHODS = (("standard", {}), ("minmax", {"clip": True, "feature_range": [-1, 1]}), ("maxabs", {"clip": True}),
                  ("max", {}))


# ---- scalers and their data ----

class Case:
    """A scaler in the database, and rows with what normalize() makes of them."""

    def __init__(self, connection, line, name, scaler, x):
        """scaler: a bare one as an SQL expression, with what it is from"""
        self.line, self.name, self.x = line, name, x
        connection.execute("TRUNCATE model_scaler")
        connection.execute(f"INSERT INTO model_scaler SELECT {scaler}")
        self.expected, of_nulls = wire.copy_out(
            connection, """SELECT array_replace(normfreeze.normalize(x, s), NULL, 'NaN'),
                array_replace(normfreeze.normalize(array_replace(x, 'NaN', NULL), s), NULL, 'NaN')
                FROM model_data, model_scaler ORDER BY id""", [("float8", x.shape[1])] * 2)
        report.check(not wire.unequal(self.expected, of_nulls).any(), f"{name}: NULL is as NaN")
        self.names = connection.execute("SELECT coalesce(normfreeze.feature_names(s), '{}') FROM model_scaler").fetchone()[0]
        self.names = self.names or [f"f{i + 1}" for i in range(x.shape[1])]
        self.connection = connection

    def exported(self, function, more=""):
        """The export by a function, with more arguments, which gives the bare scaler back."""
        same, made = self.connection.execute(
            f"SELECT normfreeze.from_{function}(e) = s, e FROM model_scaler, normfreeze.to_{function}(s{more}) AS e"
        ).fetchone()
        report.check(same, f"{self.name}: from_{function}(to_{function}(s)) is s")
        return made


def load(connection, x):
    """Rows to fit to and to apply to, with missing values as NaN."""
    connection.execute("DROP TABLE IF EXISTS model_data")
    connection.execute("CREATE TABLE model_data (id int, train int, x float8[])")
    probes = datasets.probes(x.shape[1], np.float64)
    rows = np.concatenate([x, probes])
    wire.copy_in(connection, "model_data", [("int4", None), ("int4", None), ("float8", x.shape[1])],
                 [np.arange(len(rows)), (np.arange(len(rows)) < len(x)).astype(np.int32), rows])
    return rows


def fitted(connection, method, options, rows, name):
    """The case of a fit, or None where fit() refuses the data."""
    scaler = f"normfreeze.bare(normfreeze.fit(x, '{method}', {sql.Literal(json.dumps(options)).as_string()})) FROM model_data WHERE train = 1"
    try:
        return Case(connection, method, f"{method} {json.dumps(options)} of {name}", scaler, rows)
    except psycopg.errors.NumericValueOutOfRange:
        return None


def method_cases(connection, sets):
    """Every method and option that is arithmetic, on data sets."""
    for turn, name in enumerate(sets):
        rows = load(connection, datasets.all_sets(np.float64)[name])
        for method, options in cases.some(estimators.all_cases() + [("max", {})], 3, turn):
            case = fitted(connection, method, options, rows, name)
            if case:
                yield case


def policy_cases(connection, step=1):
    x = datasets.all_sets(np.float64)["nans"].copy()
    x[:, 2] = 4.0               # constant
    x[:, 4] = np.abs(x[:, 4])
    rows = load(connection, x)
    for i, values in enumerate(itertools.product(POLICY_METHODS, *POLICIES.values())):
        (method, options), *policies = values
        if i % step == 0:
            yield fitted(connection, method, options | dict(zip(POLICIES, policies)), rows, "policies")


RANGES = ([5, 95], [None, 80], {"fraction": [0.1, None]}, {"deviations": 1, "ddof": 1}, {"mad": 1.5, "tail": "left"}, {"iqr": 0.2})


def range_cases(connection, step=1):
    """Ranges by a rule: winsorized and trimmed, statistics of what is inside or of all."""
    rows = load(connection, datasets.all_sets(np.float64)["nans"][:, :6])
    for i, ((method, options), rule) in list(enumerate(itertools.product(POLICY_METHODS, RANGES)))[::step]:
        yield fitted(connection, method, options | {"range": rule, "outside": ("clip", "null")[i % 2], "statistics": ("inside", "all")[i // 2 % 2],
                                                    "missing": ("keep", "mean")[i // 3 % 2]}, rows, "ranges")


def mixed_cases(connection):
    """Another method or policy from feature to feature; the order of formulas is none of the table's."""
    rows = load(connection, datasets.all_sets(np.float64)["mixed"])
    names = [f"{quote} of <{i}>]]> & ünï\n" for i, quote in enumerate("""'"`$%*;x""")]
    per_feature = [
        {"method": "max"}, {"method": "minmax", "clip": True, "outside": "null"}, {"method": "robust"},
        {"method": "max", "missing": "mean"}, {"method": "identity", "outside": "clip"},
        {"method": "maxabs", "missing": 2}, {"method": "minmax", "missing": "max", "outside": "clip"},
        {"method": "standard", "intercept": 1, "multiplier": -2},
    ]
    yield fitted(connection, "standard", {"names": names, "features": dict(zip(names, per_feature))}, rows, "mixed")
    yield fitted(connection, "minmax", {"names": names, "features": {names[7]: {"method": "standard"}}}, rows, "mixed")
    # more quantiles than there are values: features without parameters
    without = {"method": "quantile", "n_quantiles": 100000}
    yield fitted(connection, "standard", {"names": names, "features": {
        names[0]: without | {"unfit": "null", "missing": "mean"}, names[3]: without | {"unfit": "unit", "missing": "median"},
        names[4]: without | {"unfit": "unit", "outside": "null"}}}, rows, "mixed")


def step_cases(connection, sets):
    """Sequences of steps, of which features may have different ones."""
    for name in sets:
        x = datasets.all_sets(np.float64)[name]
        rows = load(connection, x)
        names = [f"step {i}" for i in range(x.shape[1])]
        for options in (*sequences.ARITHMETIC, sequences.DEEP, sequences.mixed(names), {**sequences.mixed(names), "outside": "clip"}):
            # where a step has no values, the feature is NULL
            case = fitted(connection, "standard", options | {"names": names, "unfit": "null"}, rows, name)
            case.line = "steps"
            yield case


def wide_cases(connection, width):
    rows = load(connection, np.random.default_rng(width).normal(size=(40, width)))
    options = {"names": [f"feature {i}" for i in range(width)], "missing": "mean",
               "features": {f"feature {i}": {"method": "minmax"} for i in range(0, width, 7)}}
    yield fitted(connection, "standard", options, rows, f"{width} features")


def imported_cases(connection):
    """Formulas that only imports have."""
    x = datasets.all_sets(np.float64)["wine"]
    rows = load(connection, x)
    mean, deviation = x.mean(axis=0).tolist(), x.std(axis=0).tolist()
    low, high = x.min(axis=0).tolist(), x.max(axis=0).tolist()
    single = json.dumps({"offset": mean, "scale": (1 / x.std(axis=0)).tolist()})
    spark = {"class": "StandardScalerModel", "mean": mean, "std": deviation}
    imports = {
        "from_onnx_scaler": f"from_onnx_scaler('{single}')",
        "from_spark, with mean": f"from_spark('{json.dumps(spark | {'withMean': True, 'withStd': True})}')",
        "from_spark, without": f"from_spark('{json.dumps(spark | {'withMean': False, 'withStd': True})}')",
        "from_spark, minmax": "from_spark('" + json.dumps({"class": "MinMaxScalerModel", "originalMin": low,
                                                           "originalMax": high, "min": 0.1, "max": 0.7}) + "')",
    }
    for form in ("stable", "contiguous"):
        arrays = ", ".join(f"'{{{', '.join(map(str, values))}}}'::float8[]" for values in (mean, deviation, low, high))
        imports[f"from_batchnorm, {form}"] = f"from_batchnorm({arrays}, 1e-5, NULL, '{form}')"
    images = {"image_mean": mean, "image_std": deviation, "rescale_factor": 1 / 255}
    for name, more, options in (("rescale", {}, {}), ("rescale in float4", {}, {"dtype": "transformers"}),
                                ("rescale alone in float4", {"do_normalize": False}, {"dtype": "transformers"})):
        imports[f"from_parameters, {name}"] = f"from_parameters('{json.dumps(images | more)}', '{json.dumps(options)}')"
    for name, call in imports.items():
        yield Case(connection, "import", name, f"normfreeze.{call}", rows)


def lone_cases(connection):
    """Parameters that are 0 or 1 but for a little, of a feature by itself: onnxruntime takes such numbers for 0 and 1."""
    near_one, near_zero = 1 + 2.0 ** -40, 1e-50
    parts = {"StandardScaler": {"mean_": [near_zero], "scale_": [near_one]},
             "MinMaxScaler": {"scale_": [near_one], "min_": [near_zero]}}
    rows = load(connection, np.array([[0.0], [near_zero], [1.0], [1 / 3], [np.nan]]))
    for name, part in parts.items():
        scaler = f"normfreeze.from_sklearn('{json.dumps({'class': name, **part})}')"
        yield Case(connection, "import", f"a {name} of one feature", scaler, rows)
    rows = load(connection, np.concatenate([rows, rows], axis=1))
    both = {"class": "ColumnTransformer", "n_features_in_": 2,
            "transformers_": [[name, {"class": name, **part}, [i]] for i, (name, part) in enumerate(parts.items())]}
    yield Case(connection, "import", "two formulas of one feature", f"normfreeze.from_sklearn('{json.dumps(both)}')", rows)


# ---- consumers ----

def run_onnx(model, x):
    loaded = onnx.load_from_string(model)
    onnx.checker.check_model(loaded, full_check=True)
    session = onnxruntime.InferenceSession(model)
    # as docs/reference/exporting.md says
    probes = json.loads(session.get_modelmeta().custom_metadata_map["normfreeze.scaler"])["probes"]
    inputs, outputs = (np.array(probes[key], float) for key in ("inputs", "outputs"))
    report.check(np.array_equal(session.run(None, {"features": inputs})[0], outputs, equal_nan=True), "the model's own probes")
    return session.run(None, {"features": x})[0]


def test_steps_refused(server, connection):
    """Sequences of which one step has a formula that a format has not: the error says which, and why."""
    connection.execute("CREATE TABLE IF NOT EXISTS model_scaler (s normfreeze.scaler)")
    rows = load(connection, datasets.all_sets(np.float64)["wine"])
    for function in ("onnx", "pmml", "sklearn"):
        for options in sequences.FUNCTIONS + (sequences.INTERPOLATED if function != "sklearn" else ()):
            fitted(connection, "standard", options, rows, "wine")
            try:
                connection.execute(f"SELECT normfreeze.to_{function}(s) FROM model_scaler")
                report.check(False, f"to_{function} refuses {options}")
            except psycopg.Error as error:
                message = str(error)
                report.check(error.sqlstate == UNSUPPORTED and re.search(r"formula \w+ \(step \d of \d\) of", message) and
                             ("not correctly rounded" in message) == (options in sequences.FUNCTIONS), f"to_{function} refuses {options}", message)


def formulas_of(connection):
    return {row[0] for row in connection.execute(
        "SELECT f ->> 'formula' FROM model_scaler, jsonb_array_elements(s::jsonb -> 'features') AS f")}


def listed_formulas(connection, function):
    """The formulas that a format can express, by the hint of its refusal."""
    try:
        connection.execute(f"SELECT normfreeze.to_{function}(normfreeze.fit(ARRAY[1.0, 2], 'l2'))")
    except psycopg.Error as error:
        report.check_equal(error.sqlstate, UNSUPPORTED, f"to_{function} refuses l2")
        return set(error.diag.message_hint.removeprefix("It can express: the formulas ").rstrip(".").split(", "))
    raise AssertionError(f"to_{function} takes l2")


def test_onnx(server, connection):
    connection.execute("CREATE TABLE IF NOT EXISTS model_scaler (s normfreeze.scaler)")
    seen = set()
    for case in itertools.chain(method_cases(connection, datasets.all_sets(np.float64)), policy_cases(connection, 1 if cases.ALL else 5),
                                range_cases(connection), mixed_cases(connection), wide_cases(connection, 1000), imported_cases(connection),
                                lone_cases(connection), step_cases(connection, ("wine", "mixed", "nans", "constants"))):
        got = run_onnx(case.exported("onnx"), case.x)
        THE_TABLE.add(case.line, ONNX, case.name, "float64", "to_onnx", got, case.expected, case.x, case.name)
        seen |= formulas_of(connection)
    THE_TABLE.check(report)
    report.check_equal(seen, listed_formulas(connection, "onnx"), "to_onnx: every formula that it lists was run")


def test_encodings(server, connection):
    """Names are UTF-8 in a model, whatever they are in the database."""
    server.query("CREATE DATABASE model_latin1 ENCODING LATIN1 TEMPLATE template0 LOCALE 'C'")
    with psycopg.connect(server.conninfo("model_latin1"), autocommit=True) as latin1:
        latin1.execute("CREATE EXTENSION normfreeze; CREATE TABLE model_scaler (s normfreeze.scaler)")
        latin1.execute("SET client_encoding = UTF8")
        rows = load(latin1, np.arange(6.0).reshape(3, 2))
        case = fitted(latin1, "standard", {"names": ["größe", "b"]}, rows, "LATIN1")
        loaded = onnx.load_from_string(case.exported("onnx"))
        metadata = {entry.key: entry.value for entry in loaded.metadata_props}
        report.check_equal(json.loads(metadata["normfreeze.feature_names"]), ["größe", "b"], "names of a LATIN1 database")
        report.check('name="größe"' in case.exported("pmml"), "names of a LATIN1 database in PMML")


def test_pmml(server, connection):
    connection.execute("CREATE TABLE IF NOT EXISTS model_scaler (s normfreeze.scaler)")
    seen = set()
    with jpmml.backend() as java:
        for case in itertools.chain(method_cases(connection, ["zeros", "mixed", "money"]), policy_cases(connection, 7),
                                    range_cases(connection, 5), mixed_cases(connection), wide_cases(connection, 100), imported_cases(connection),
                                    step_cases(connection, ("wine", "nans"))):
            document = case.exported("pmml", ", true")
            made = jpmml.evaluator(document, java)
            x, expected = case.x, case.expected
            if "norm_max" in formulas_of(connection):       # infinity / infinity is an error of JPMML
                finite = ~np.isinf(x).any(axis=1)
                x, expected = x[finite], expected[finite]
            got = jpmml.transform(made, case.names, x)
            THE_TABLE.add(case.line, PMML, case.name, "float64", "to_pmml", got + 0.0, expected + 0.0, x, case.name)
            seen |= formulas_of(connection)
    THE_TABLE.check(report)
    report.check_equal(seen, listed_formulas(connection, "pmml"), "to_pmml: every formula that it lists was run")


def verification_fails(document, java):
    try:
        jpmml.evaluator(document, java)
    except JavaError as error:
        return "do not match" in str(error) or "returned invalid value" in str(error)
    return False


def test_pmml_verification(server, connection):
    """JPMML's verify() of documents that compute something else than their probes say."""
    connection.execute("CREATE TABLE IF NOT EXISTS model_scaler (s normfreeze.scaler)")
    # in a range that the probes go beyond
    rows = load(connection, np.random.default_rng(1).uniform(-1, 3, (50, 5)))
    names = ["a", "b", "c", "d", "e"]
    case = fitted(connection, "standard", {"names": names, "features": {
        "b": {"method": "minmax", "clip": True, "missing": "median"}, "c": {"method": "robust", "outside": "clip"},
        "d": {"outside": "null"}, "e": {"method": "max"}}}, rows, "verification")
    document = case.exported("pmml", ", true")
    report.check_equal(re.sub(r'<OutputField name="missing_outputs".*\n|<ModelVerification (.|\n)*</ModelVerification>\n', "", document),
                       case.exported("pmml"), "the rest of a document with verification is that without")
    fields = re.search(r"<VerificationFields>(.*)</VerificationFields>", document, re.DOTALL)[1]
    report.check_equal(set(re.findall(r'(\w+)="0"', fields)), {"precision", "zeroThreshold"}, "nothing but the same number is acceptable")
    with jpmml.backend() as java:
        report.check(not verification_fails(document, java), "what was written is verified")
        seen = 0
        constants = list(re.finditer(r'<Constant dataType="double">(.*?)</Constant>', document))
        for match in constants:
            report.check(verification_fails(with_number(document, match, float(match[1]) * (1 + 1e-7) + 1e-12), java), f"another constant than {match[1]}")
            seen += verification_fails(with_number(document, match, math.nextafter(float(match[1]), math.inf)), java)
        report.check(len(constants) >= 12 and seen > len(constants) / 2, "most constants may not differ in the last bit", (seen, len(constants)))
        for match in re.finditer(r"<(y\d)>(.*?)</\1>", document):
            report.check(verification_fails(with_number(document, match, math.nextafter(float(match[2]), math.inf), 2), java), f"another {match[1]} than {match[2]}")
        overflowing = fitted(connection, "affine", {"names": ["a"], "outside": "clip", "features": {"a": {"center": -1e308, "scale": 1e-300}}},
                             load(connection, np.array([[0.0], [1e308]])), "overflow").exported("pmml", ", true")
        report.check("<y1>INF</y1>" in overflowing and not verification_fails(overflowing, java), "infinite results are verified")
        # JPMML does not look at an output that has to be missing, but at their number
        within = re.search(r'<DefineFunction name="within".*?</DefineFunction>', document)[0]
        present = document.replace(within, re.sub(r"<Apply.*</Apply>", '<FieldRef field="x"/>', within))
        report.check(present != document, "values outside are there")
        report.check(verification_fails(present, java), "an output that has to be missing")
        blind = re.sub(r'<VerificationField field="missing_outputs".*\n', "", present)
        report.check(not verification_fails(blind, java), "which JPMML takes for verified without the number of missing ones")


def with_number(document, match, number, group=1):
    return document[:match.start(group)] + repr(number) + document[match.end(group):]
