"""from_onnx() of models that skl2onnx wrote, against onnxruntime's own run of them, bit for bit; and models that are refused."""

import warnings

import numpy as np
import onnx
import onnxruntime
import pandas
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (Binarizer, FunctionTransformer, MaxAbsScaler, MinMaxScaler, Normalizer, PolynomialFeatures, PowerTransformer,
                                   QuantileTransformer, RobustScaler, StandardScaler)

import imports
import psycopg
import report

TYPES = {np.float32: FloatTensorType, np.float64: DoubleTensorType, np.int64: Int64TensorType}
NAMES = ["age", "income", "tenure", "visits"]
WIDTH = len(NAMES)
WHOLE = (StandardScaler(), MinMaxScaler(), RobustScaler(), MaxAbsScaler(), StandardScaler(with_mean=False), StandardScaler(with_std=False),
         MinMaxScaler(clip=True), make_pipeline(StandardScaler(), MinMaxScaler()), make_pipeline(StandardScaler(), MinMaxScaler((-1, 1), clip=True)),
         make_pipeline(FunctionTransformer(), RobustScaler(), MaxAbsScaler(), StandardScaler()),
         make_pipeline(MinMaxScaler(), MinMaxScaler((-3, 7)), StandardScaler(), RobustScaler(with_centering=False), RobustScaler(with_scaling=False)))
IMPUTING = (make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), MinMaxScaler((-1, 1))),
            make_pipeline(SimpleImputer(), RobustScaler(), MaxAbsScaler(), MinMaxScaler(clip=True)))


def training(rows=60):
    rng = np.random.default_rng(15)
    return np.exp(rng.normal(size=(rows, WIDTH))) * [1, 1e3, 1e-3, 40] - [0, 500, 0, 1e6]


def rows_of(x, dtype):
    """What a model is given: rows of the training set, and values far from them."""
    odd = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-300, 5e-324, 1e300, -1e38, 1e-44, 16777217.0, 1 / 3])
    if dtype == np.int64:
        return np.concatenate([x.astype(dtype), np.array([[0] * WIDTH, [2**53] * WIDTH, [-2**53 + 1] * WIDTH, [16777217] * WIDTH])])
    with np.errstate(over="ignore"):
        return np.concatenate([x, np.repeat(odd[:, None], x.shape[1], 1), x * 1e3]).astype(dtype)


def converted(estimator, inputs, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return convert_sklearn(estimator, initial_types=inputs, **options)


def ran(model, feeds):
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)[0]


def compare(connection, counts, what, model, x, feeds, order=None):
    """Take the model, apply its scaler to the rows in the order of its features, and compare with what onnxruntime gives."""
    expected = ran(model, feeds)
    imports.import_scaler(connection, "from_onnx(%s)", model.SerializeToString())
    # integers are float8 here, from which the scaler rounds to float4 as onnxruntime does
    given = (x[:, order] if order else x).astype(np.float64 if x.dtype == np.int64 else x.dtype)
    got = imports.applied(connection, imports.load(connection, "onnx", given), given)
    counts.add((what, x.dtype.name), got, expected.astype(given.dtype), given)


def columns_of(order):
    return ColumnTransformer([("a", make_pipeline(StandardScaler(), MinMaxScaler()), order[:2]), ("b", RobustScaler(), order[2:3])], remainder="passthrough")


def test_graphs(server, connection):
    counts = imports.Counts("estimator", "input")
    x = training()
    for dtype, kind in TYPES.items():
        given = rows_of(x, dtype)
        for estimator in WHOLE + (IMPUTING if dtype == np.float32 else ()):
            model = converted(estimator.fit(x), [("X", kind([None, WIDTH]))])
            compare(connection, counts, "alone" if not hasattr(estimator, "steps") else "Pipeline", model, given, {"X": given})
        # of one column onnxruntime leaves out what adds 0 or multiplies by 1
        column = np.ascontiguousarray(given[:, :1])
        for estimator in (MinMaxScaler().fit([[0.0], [4.0]]), make_pipeline(StandardScaler(with_mean=False), MinMaxScaler()).fit(x[:, :1])):
            compare(connection, counts, "one column", converted(estimator, [("X", kind([None, 1]))]), column, {"X": column})
        # columns by name, in another order; and all, in order
        order = ["visits", "age", "tenure"]
        places = [NAMES.index(name) for name in order] + [1]
        model = converted(columns_of(order).fit(pandas.DataFrame(x, columns=NAMES)), [(name, kind([None, 1])) for name in NAMES])
        feeds = {name: np.ascontiguousarray(given[:, [i]]) for i, name in enumerate(NAMES)}
        compare(connection, counts, "ColumnTransformer", model, given, feeds, places)
        names, = connection.execute("SELECT normfreeze.feature_names(s) FROM import_scaler").fetchone()
        report.check_equal(names, order + ["income"], "from_onnx: names are those of the inputs, in the order of outputs")
        inner = make_pipeline(columns_of([0, 1, 2]), MinMaxScaler())
        compare(connection, counts, "ColumnTransformer", converted(inner.fit(x), [("X", kind([None, WIDTH]))]), given, {"X": given})
    # its option for divisions: in float, and in double
    scaler = StandardScaler().fit(x)
    given = rows_of(x, np.float32)
    for how in ("div", "div_cast"):
        compare(connection, counts, how, converted(scaler, [("X", FloatTensorType([None, WIDTH]))], options={id(scaler): {"div": how}}), given, {"X": given})
    counts.check("ONNX", "skl2onnx's models in onnxruntime:")


# ---- what is refused ----

def refusal(connection, model):
    """The message that a model is refused with, without its beginning; None if it is taken."""
    try:
        connection.execute("SELECT normfreeze.from_onnx(%s)", (model.SerializeToString(),))
    except psycopg.Error as error:
        report.check(error.sqlstate in ("0A000", "54000"), "from_onnx: a model is refused as one that is not supported", error)
        return error.diag.message_primary.removeprefix("cannot import an ONNX model: ")
    return None


def graph(nodes, constants=(), width=2, kind=TensorProto.DOUBLE, inputs=("X",)):
    """A model of these nodes, each (operator, inputs, output, attributes)."""
    made = [helper.make_node(operator, list(given), [output], name=f"the{operator}", domain="ai.onnx.ml" if ml else "", **attributes)
            for operator, given, output, attributes, ml in [(*node, {}, False)[:5] if len(node) == 3 else (*node, False)[:5] for node in nodes]]
    return helper.make_model(helper.make_graph(
        made, "g", [helper.make_tensor_value_info(name, kind, [None, width]) for name in inputs],
        [helper.make_tensor_value_info("Y", kind, [None, None])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants]))


def test_refused(server, connection):
    x = training()
    kind = [("X", FloatTensorType([None, WIDTH]))]
    double = [("X", DoubleTensorType([None, WIDTH]))]
    of_skl2onnx = [
        (make_pipeline(StandardScaler(), Normalizer()), kind, 'operator Normalizer, divides by a norm'),
        (make_pipeline(StandardScaler(), Normalizer("l2"), MinMaxScaler()), double, 'operator ReduceSumSquare, is part of a norm'),
        (make_pipeline(PowerTransformer(), MinMaxScaler()), kind, 'is a function of the platform'),
        (make_pipeline(StandardScaler(), Binarizer()), kind, 'operator Binarizer, is none of Add, ArrayFeatureExtractor'),
        (make_pipeline(StandardScaler(), PolynomialFeatures()), kind, 'a scaler has one output for each feature'),
        (make_union(StandardScaler(), MinMaxScaler()), double, 'a scaler has one output for each feature'),
        (QuantileTransformer(n_quantiles=9), double, 'operator'),
        (make_pipeline(MinMaxScaler(clip=True), StandardScaler()), double, 'comes after one that clips'),
        (make_pipeline(StandardScaler(), SimpleImputer()), kind, 'fills in values after one that scales'),
        (make_pipeline(SimpleImputer(missing_values=-1.0), StandardScaler()), kind, 'fills in where a value is -1'),
        (ColumnTransformer([("a", StandardScaler(), [2, 0])]), double, 'changes the order of its columns or drops some'),
        (StandardScaler(), [("X", DoubleTensorType([None, None]))], 'does not say how many columns'),
    ]
    for estimator, inputs, expected in of_skl2onnx:
        model = converted(estimator.fit(x), inputs)
        message = refusal(connection, model)
        report.check(message is not None and expected in message, f"from_onnx: refuses skl2onnx's {estimator!r}"[:100], message)
    regression = make_pipeline(StandardScaler(), LinearRegression()).fit(x, x[:, 0])
    report.check("operator LinearRegressor, is none of" in (refusal(connection, converted(regression, kind)) or ""), "from_onnx: refuses a model that predicts")

    two, three, one = ("c", [1.0, 2.0]), ("c", [1.0, 2.0, 3.0]), ("c", [1.0])
    almost = ("c", [1 + 1e-12])
    chain = [("Sub", ("X", "c"), "Y")]
    by_hand = [
        (graph([("Sub", ("X", "X"), "Y")]), "computes with two values that are not constant"),
        (graph([("Sub", ("c", "X"), "Y")], [two]), "computes with two values that are not constant"),
        (graph(chain, [three]), "has 3 numbers for 2 columns"),
        (graph(chain, [("c", [[1.0], [2.0]])]), "has a constant that is not one number for each column"),
        (graph(chain, [("c", np.float32([1, 2]))]), "a constant of another type"),
        (graph(chain, [("c", [1.0, np.nan])]), "has NaN among its numbers"),
        (graph([("Mul", ("X", "c"), "Y")], [("c", [0.0, 1.0])]), "multiplies by 0"),
        (graph([("Div", ("X", "c"), "Y")], [("c", [-0.0, 1.0])]), "divides by 0"),
        (graph([("Mul", ("X", "c"), "Y")], [almost], width=1), "which onnxruntime takes for 1"),
        (graph([("Sub", ("X", "c"), "Z"), ("Mul", ("X", "c"), "Y")], [two]), 'column 1 of "X", which goes to node "theSub" already'),
        (graph([("Sub", ("X", "c"), "Z")], [two]), "does not have one output"),
        (graph([("Sub", ("Q", "c"), "Y")], [two]), 'takes "Q", which is no output of a node before it'),
        (graph([("Sub", ("X",), "Y")], [two]), "has too few inputs"),
        (graph([("Concat", ("X", "X"), "Y", {"axis": 1})]), "has 4 columns, of 2 that the inputs have"),
        (graph([("Concat", ("X",), "Y", {"axis": 0})]), "is not along the axis of columns"),
        (graph([("ArrayFeatureExtractor", ("X", "c"), "Y", {}, True)], [("c", [0, 0])]), 'column 1 of "X", which goes to node'),
        (graph([("ArrayFeatureExtractor", ("X", "c"), "Y", {}, True)], [("c", [0, 2])]), "takes column 3 of 2"),
        (graph([("ArrayFeatureExtractor", ("X", "c"), "Y", {}, True)], [("c", [0, -1])]), "takes column 0 of 2"),
        (graph([("Cast", ("X",), "Y", {"to": TensorProto.INT64})]), "casts to a type that is neither float nor double"),
        (graph([("Cast", ("X",), "Z", {"to": TensorProto.FLOAT}), ("Cast", ("Z",), "Y", {"to": TensorProto.DOUBLE})]), "casts to double what was rounded to float"),
        (graph([("Cast", ("X",), "Y", {"to": TensorProto.DOUBLE})], kind=TensorProto.FLOAT), "it gives double for input that is float"),
        (graph([("Clip", ("X", "a", "b"), "Y")], [("a", 0.0), ("b", 1.0)]), "clips values as they come"),
        (graph([("Sub", ("X", "c"), "Z"), ("Clip", ("Z", "b", "a"), "Y")], [two, ("a", 0.0), ("b", 1.0)]), "clips to a range from 1 to 0"),
        (graph([("Scaler", ("X",), "Y", {"offset": [1.0]}, True)]), 'has no "scale"'),
        (graph([("Scaler", ("X",), "Y", {"offset": [1.0], "scale": [1.0, 2.0, 3.0]}, True)]), "has 3 numbers for 2 columns"),
        (graph([("Softmax", ("X",), "Y", {"axis": 1})]), "operator Softmax, is none of"),
        (graph([("Sub", ("X", "c"), "Y", {"broadcast": 1})], [two]), 'has attribute "broadcast"'),
        (graph([("Log", ("X",), "Y")]), "is a function of the platform"),
        (graph(chain, [two], kind=TensorProto.STRING), 'input "X" is no tensor of float'),
        (graph([("Sub", (f"V{i}" if i else "X", "c"), "Y" if i == 17 else f"V{i + 1}") for i in range(18)], [two]), "is more than the 16 steps"),
    ]
    for model, expected in by_hand:
        message = refusal(connection, model)
        report.check(message is not None and expected in message, f"from_onnx: refuses a graph: {expected}", message)
    # what carries no scaler, and has no graph or is said to be ours
    ours = graph(chain, [two])
    ours.producer_name = "normfreeze"
    for model in (ours, onnx.ModelProto(ir_version=8), graph([])):
        try:
            connection.execute("SELECT normfreeze.from_onnx(%s)", (model.SerializeToString(),))
            report.check(False, "from_onnx: a model that carries nothing")
        except psycopg.Error as error:
            report.check_equal(error.sqlstate, "22023", "from_onnx: a model that carries nothing")


TESTS = (test_graphs, test_refused)
