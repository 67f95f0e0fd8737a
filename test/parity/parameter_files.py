"""from_parameters() of Python and of the database: the same scalers and errors; and both against the code that stands beside such files."""

import decimal
import json
import pathlib
import re
import sys
import tempfile

import numpy as np
import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
import normfreeze
import report

CALL = re.compile(r"(?:features|refused|from_parameters)\('((?:[^']|'')*)'(?:,\s*'((?:[^']|'')*)')?\)")


def by_database(connection, parameters, options):
    """The text of a scaler, or the SQLSTATE and message of an error."""
    try:
        return connection.execute("SELECT normfreeze.from_parameters(%s, %s)::text", (parameters, options)).fetchone()[0]
    except psycopg.Error as error:
        return f"{error.sqlstate}: {error.diag.message_primary}"


def number(digits):
    """As read_parameters() reads it: beyond float64 with all digits, of which jsonb tells."""
    return float(digits) if np.isfinite(float(digits)) else decimal.Decimal(digits)


def by_python(parameters, options):
    try:
        return normfreeze.from_parameters(*(json.loads(text, parse_float=number) for text in (parameters, options))).to_json()
    except normfreeze.Error as error:
        return f"{error.sqlstate}: {error.message}"


# beyond float64, wherever that may be
ODD_NUMBERS = (
    ('[[1, 1e400], [2, 1], [3, 1]]', "{}"), ("[1e400]", "{}"), ('{"mean": 1, "std": 2, "count": 1e400}', "{}"), ('{"mean": [1], "std": [1], "n_features": -1e400}', "{}"),
    *(('{"min": 1, "max": 2}', options) for options in ('{"eps": 1e400}', '{"clip": [0, 1e400]}', '{"path": 1e400}', '{"mask": [1e400]}')))

# ambiguous, absurd, or nearly right, besides those of the regression test
ODD = (
    ('{"min": [0], "scale": [2], "mean": [1]}', "{}"), ('{"min": [0], "scale": [2], "max": [1]}', "{}"), ('{"mean": {}, "std": {}}', "{}"),
    ('{"mean": "NaN", "std": 1}', "{}"), ('{"mean": [true], "std": [1]}', "{}"), ('{"mean": [1], "std": [{}]}', "{}"), ('{"mean": [1], "std": [[]]}', "{}"),
    ('{"mean": 1, "std": 2, "names": []}', "{}"), ('{"mean": [1, 2], "std": [1, 2], "names": ["a", ""]}', "{}"), ('{"": {"mean": 1, "std": 2}}', "{}"),
    ('{"min": [-1e308], "max": [1e308]}', "{}"), ('{"min": [0], "max": [1]}', '{"to": [-1e308, 1e308]}'), ('{"mean": [1], "std": [1]}', '{"clip": [-0.0, 0]}'),
    ('[{"mean": [1], "std": [1]}]', '{"path": [-1]}'), ('[{"mean": [1], "std": [1]}]', '{"path": ["0"]}'), ('{"mean": [1], "std": [1]}', '{"path": [1.5]}'),
    ('{"mean": [1], "std": [2]}', '{"keys": {"mean": "std", "std": "mean"}}'), ('{"mean": [1], "std": [1]}', '{"keys": []}'), ('{"mean": [1], "std": [1]}', '{"keys": {"mean": 7}}'),
    ('{"mean": [1], "std": [1], "a?b": 1}', '{"ignore": ["a?b"]}'), ('{"mean": [1], "std": [1], "axb": 1}', '{"ignore": ["a?b"]}'), ('{"mean": [1], "std": [1], "[x]": 1}', '{"ignore": ["[x]"]}'),
    ('{"q01": [0], "q99": [1], "q05": [0.1], "q95": [0.9]}', "{}"), ('{"mean": [0], "std": [1e-50]}', '{"dtype": "float32"}'), ('{"mean": [1], "std": [1]}', '{"mask": [null]}'),
    ('{"rescale_factor": [0.5, 1], "image_mean": [0], "image_std": [1]}', "{}"), ('{"a": {"mean": [1, 2], "std": [1, 2]}, "a[0]": {"mean": 1, "std": 2}}', "{}"),
    *((parameters, '{"ignore": true}') for parameters in (
        '{"scaler_mean": [1, 2], "scaler_std": [3, 4], "intercept": 5, "labels": ["a"], "feature_names": ["a", "b"], "more": {"x": 1}}',
        '{"scaler_mean": [1, 2], "scaler_std": [3, 4], "max_depth": 5}', '{"scaler_mean": 1, "scaler_std": 3, "max_depth": 5, "min_depth": 4, "best": 1}',
        '{"scaler_mean": [1, 2, 3], "scaler_std": [3, 4, 5], "imputer_median": [0, 0, 0], "intercept": 5}', '{"notes": "x", "labels": ["a"]}',
        '{"feature_means": [1, 2], "feature_stds": [3, 4], "n_features": 2, "weights": [5, 6], "bias": 7}', '{"x_mean": [1], "x_std": [3], "y_mean": [1], "y_std": [3], "n_features": 2}',
        '{"kind": "x", "obs_mean": {"a": 1}, "obs_std": {"a": 2}}', '{"a": 7, "mean_age": 1, "std_age": 2, "mean_pay": 3, "std_pay": 4}')),
    ('{"std_std": 1, "mean_std": 2}', "{}"), ('{"mean": [1], "Mean_": [1], "std": [1]}', "{}"), ('{"a": [1, 2], "b": {"mean": 1, "std": 1}}', '{"shape": "standard"}'),
    *(('{"mean": [1], "std": [1]}', options) for options in ('{"names": [7]}', '{"names": 7}', '{"eps": null}', '{"clip": null}', '{"shape": null}', '{"mask": true}')))


def test_same(server, connection):
    """All calls of the regression test, and odd ones: text, id and errors."""
    calls = dict.fromkeys([*CALL.findall((ROOT / "sql/test_from_parameters.sql").read_text()), *ODD, *ODD_NUMBERS])
    report.check(len(calls) > 100, "calls were found", len(calls))
    for parameters, options in calls:
        options = options or "{}"
        expected, got = by_database(connection, parameters, options), by_python(parameters, options)
        report.check_equal(got, expected, f"{parameters} {options}")


# ---- files ----

FILES = {
    "a.json": ('{"features": ["u", "v"], "mean": [0.5, -1.25], "std": [0.1, 2]}', {}),
    "a.csv": ("feature,mean,std\nu,0.5,0.1\nv,-1.25,2\n", {}),
    "b.csv": (",u,v\ncount,5,5\nmean,0.5,-1.25\nstd,0.1,2\nmin,-1,-2\n50%,0.4,0\nmax,1,9\n", {"shape": "standard"}),
    "c.tsv": ("name\tmin\tmax\nu\t-1\t1\nv\t-2\t9\n", {"to": [-1, 1]}),
    # of another system's lines, numbers without arrays, hexadecimal ones
    "b.h": ("#ifndef B_H\r\n#define B_H\r\n#define SCALER_DATA_MIN 7.25f\t\r\n#define SCALER_DATA_MAX (38.5)\r\nfloat scale_input(float t);\r\n#endif", {}),
    "c.h": ("// mean = {9}\nstatic const double mean[] PROGMEM = {\n    0x1.8p1, -.5e+1, 1e-3L, }; /* std[] = {1}; */\nconst float std[3] = { 1.f, 2, 0X.8P0F };\n", {}),
    "d.csv": ("\ufefffeature;mean;std\n\"u;v\";0.5;0.1\nw ; -1.25;2\n\n", {}),
    "e.csv": ("feature,media (\u03bc),std (\u03c3)\nCO,0.5,0.1\nNH3,-1.25,2\n", {"keys": {"mean": "media (\u03bc)", "std": "std (\u03c3)"}}),
    "a.h": ("#define N_FEATURES 2\nstatic const float FEATURE_MEAN[N_FEATURES] = {0.5f, -1.25f}; // of the training\n"
            "const float FEATURE_STD[2] = {0.1f, /* no unit */ 2.0f};\nconst char *feature_names[] = {\"u\", \"v\"};\n",
            {"dtype": "float32"}),
    # C++, structs and code beside the arrays, names with commas, numbers by their names, an octal one
    "d.hpp": ("#define FIRST 1.5f\n#define TWO 2\ntypedef struct { float x[TWO]; } row_t;\nenum kind { A, B };\nconst char *url = \"http://a/*b\";\n"
              "constexpr std::array<float, TWO> kMean = {{FIRST, 010}};\nconst std::vector<float> kStd{1'000.5f, 2};\n"
              "const char *names[TWO] __attribute__((unused)) = {\"u, {v}\", \"w\\\n\"}; const float w1[2][2] = {{1, 2}, {3, 4}};\n"
              "row_t made(void) { row_t r = { .x = {1} }; for (;;) { return r; } }\n", {"ignore": ["x"]}),
    "e.h": ("const double mean = -1.5, sd = .5e-3;", {}),
    "a.pmml": ('<PMML xmlns="http://www.dmg.org/PMML-4_4"><DerivedField name="z"><NormContinuous field="u"><LinearNorm orig="-0.5" norm="0"/>'
               '<LinearNorm orig="1.5e1" norm="1"/></NormContinuous></DerivedField></PMML>', {}),
}
# what is not read, and what the error says
UNREAD = {
    "a.csv": ("stat,u\nmean,1\nmean,2\nstd,3\n", '"mean" is there twice'), "b.csv": ("stat,u,u\nmean,1,2\nstd,3,4\n", '"u" is there twice'),
    "c.csv": ("name,mean,std,std\nu,1,2,3\n", '"std" is there twice'), "d.csv": ("feature,mean,std\n", "has no rows"), "a.json": ('{"mean": [1], "mean": [2]}', '"mean" is there twice'),
    "a.h": ("const float mean[3] = {1, 2}; const float std[3] = {1, 2};", "mean[3] has 2 values, not 3"), "b.h": ("extern const float MEAN[2];", "no arrays and no numbers"),
    "c.h": ("#define N 2\nfloat mean[N] = {1};", "mean[N] has 1 value, not 2"), "a.yaml": ("mean: [1]\nstd: [2]\n", "the ending of its name says"),
    "a.pmml": ('<PMML><NormContinuous field="u" outliers="asExtremeValues"><LinearNorm orig="0" norm="0"/><LinearNorm orig="1" norm="1"/></NormContinuous></PMML>', "has outliers"),
    "b.pmml": ("<PMML/>", "no NormContinuous"), "a.npz": ("PK\3\4", "a.npz"), "e.csv": ("feature,mean,std\nu,1_000,2\n", 'the string "1_000"'),
}


def test_numpy(server, connection):
    """Arrays and numbers of numpy are those of JSON."""
    of_numpy = {"mean": np.array([0.5, -1.25], np.float32), "std": [np.float64(0.1), np.int8(2)], "names": np.array(["u", "v"])}
    of_lists = {"mean": [0.5, -1.25], "std": [0.1, 2], "names": ["u", "v"]}
    report.check_equal(normfreeze.from_parameters(of_numpy, {"eps": np.float64(0.5)}), normfreeze.from_parameters(of_lists, {"eps": 0.5}), "arrays of numpy")


def test_files(server, connection):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, (text, _) in FILES.items():
            (folder / name).write_text(text)
        np.savez(folder / "a.npz", mean=np.array([[[0.5]], [[-1.25]]], np.float32), std=np.array([0.1, 2.0]), names=np.array(["u", "v"]))
        np.save(folder / "a.npy", np.array([[0.5, 1.0, 2.0], [0.1, 2.0, 3.0]]))
        np.save(folder / "object.npy", np.array([{"mean": 1}], object), allow_pickle=True)
        for name, options in [*((name, options) for name, (_, options) in FILES.items()), ("a.npz", {}), ("a.npy", {"shape": "standard"})]:
            read = normfreeze.read_parameters(folder / name)
            expected = by_database(connection, json.dumps(read), json.dumps(options))
            report.check_equal(normfreeze.from_parameters(read, options).to_json(), expected, name)
            report.check("\"scaler_id\"" in expected, f"{name} is one", expected)
        (folder / "big.json").write_text('{"mean": [1], "std": [1e400]}')
        read = normfreeze.read_parameters(folder / "big.json")
        report.check_equal(by_python(json.dumps(read, default=int), "{}"), by_database(connection, (folder / "big.json").read_text(), "{}"), "big.json")
        np.savez(folder / "rows.npz", rows=np.array([(b"u", 0.5, 2)], [("name", "S1"), ("mean", "f2"), ("std", "i4")]))
        report.check_equal(normfreeze.read_parameters(folder / "rows.npz"), {"rows": [{"name": "u", "mean": 0.5, "std": 2}]}, "rows with names")
        np.savez(folder / "complex.npz", mean=np.array([1j]))
        (folder / "unread").mkdir()
        for name, (text, _) in UNREAD.items():
            (folder / "unread" / name).write_text(text)
        for name, part in [("object.npy", "pickle"), ("complex.npz", "complex128"), *((f"unread/{name}", part) for name, (_, part) in UNREAD.items())]:
            try:
                made = normfreeze.from_parameters(normfreeze.read_parameters(folder / name))
                report.check(False, f"{name} is not read", made.to_json())
            except normfreeze.Error as error:
                report.check(error.sqlstate in ("22P02", "22023") and part in str(error), f"{name} is not read: {part}", str(error))


# ---- the code beside them ----

CODE = (
    ("torch, float32", {"dtype": "float32", "eps": 1e-6}, np.float32, ("mean", "std"),
     lambda x, p: (x - p["mean"]) / (p["std"] + np.float32(1e-6))),
    ("variance and clip", {"eps": 1e-8, "eps_in": "variance", "clip": [-2, 2]}, np.float64, ("mean", "var"),
     lambda x, p: np.clip((x - p["mean"]) / np.sqrt(p["var"] + 1e-8), -2, 2)),
    ("floor", {"eps": 0.5, "eps_in": "floor"}, np.float64, ("mean", "std"), lambda x, p: (x - p["mean"]) / np.maximum(p["std"], 0.5)),
    ("quantiles", {"to": [-1, 1], "eps": 1e-8, "clip": True}, np.float64, ("q01", "q99"),
     lambda x, p: np.clip(2 * (x - p["q01"]) / (p["q99"] - p["q01"] + 1e-8) - 1, -1, 1)),
    ("quantiles, float32", {"to": [-1, 1], "eps": 1e-8, "clip": True, "dtype": "float32"}, np.float32, ("q01", "q99"),
     lambda x, p: np.clip(np.float32(2) * ((x - p["q01"]) / (p["q99"] - p["q01"] + np.float32(1e-8))) + np.float32(-1), -1, 1)),
    ("range, input clipped", {"clip_input": True}, np.float64, ("min", "max"),
     lambda x, p: (np.clip(x, p["min"], p["max"]) - p["min"]) / (p["max"] - p["min"])),
    ("a multiplier", {}, np.float64, ("min", "scale"), lambda x, p: x * p["scale"] + p["min"]),
    ("transformers", {"dtype": "transformers"}, np.float32, ("image_mean", "image_std", "rescale_factor"),
     lambda x, p: ((x.astype(np.float64) * (1 / 255)).astype(np.float32) - p["image_mean"]) / p["image_std"]),
)


def test_code(server, connection):
    """Operations of numpy in the type that the code computes in."""
    rng = np.random.default_rng(15)
    for name, options, dtype, keys, code in CODE:
        low = rng.normal(size=5)
        numbers = {"mean": low, "q01": low, "min": low, "image_mean": low, "rescale_factor": 1 / 255}
        for key in keys:
            numbers.setdefault(key, (low if key in ("q99", "max") else 0) + rng.uniform(0.1, 3, 5))
        x = (rng.normal(size=(200, 5)) * 5).astype(dtype).astype(np.float64)
        said = {key: np.asarray(numbers[key]).tolist() for key in keys}
        scaler = normfreeze.from_parameters(said, options)
        expected = code(x.astype(dtype), {key: np.asarray(numbers[key]).astype(dtype) for key in keys}).astype(np.float64)
        report.check_equal((scaler.transform(x) != expected).sum(), 0, f"{name}: unequal bits in Python")
        rows = connection.execute("SELECT normfreeze.normalize(x::float8[], s) FROM normfreeze.from_parameters(%s, %s) AS s, "
                                  "jsonb_array_elements(%s) WITH ORDINALITY AS r (j, i), LATERAL (SELECT array_agg(e::float8 ORDER BY o) AS x "
                                  "FROM jsonb_array_elements_text(j) WITH ORDINALITY AS v (e, o)) AS v ORDER BY i",
                                  (json.dumps(said), json.dumps(options), json.dumps(x.tolist()))).fetchall()
        report.check_equal((np.array([row[0] for row in rows]) != expected).sum(), 0, f"{name}: unequal bits in the database")


# ---- steps before ----

BEFORE = (
    {"before": "log1p", "eps": 1e-8}, {"before": ["cbrt", "asinh"], "dtype": "float32", "clip": [-1, 1]},
    {"before": [{"method": "affine", "center": 0.1, "scale": -0.3}, {"method": "log10", "domain": "null"}], "dtype": "single"},
    {"before": {"method": "sqrt", "domain": "null"}, "clip_input": [-1, 4], "mask": [True, False, True]})


def test_before(server, connection):
    """The same bits in Python and in the database, in both types."""
    x = np.array([[0.5, -0.5, 3.0], [1e-300, 1e30, 7.1], [np.nan, 0.0, np.inf]])
    for options in BEFORE:
        said = {"mean": [0.5, 1.5, -2.0], "std": [0.1, 3.0, 7.0]}
        scaler = normfreeze.from_parameters(said, options)
        for kind, dtype in (("float8", np.float64), ("real", np.float32)):
            for row in x.astype(dtype):
                got = connection.execute(f"SELECT normfreeze.normalize(%s::{kind}[], normfreeze.from_parameters(%s, %s))",
                                         (row.astype(float).tolist(), json.dumps(said), json.dumps(options))).fetchone()[0]
                got = np.array([np.nan if value is None else value for value in got], dtype)
                report.check(np.array_equal(got, scaler.transform(row[None])[0], equal_nan=True), f"{options} {kind} {row}",
                             (got, scaler.transform(row[None])[0]))


TESTS = (test_same, test_numpy, test_files, test_code, test_before)
