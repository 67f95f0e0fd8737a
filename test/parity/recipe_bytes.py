"""The bytes of recipes, written from their description (core/scaler/recipe.h), and scalers that no fit gives.

A scaler's JSON carries the fingerprint of its bytes: a writer of our own must
arrive at the same.  So scalers can be written by hand, too: with lambdas of
exactly 0 and 2, or with tables of quantiles of any shape.
"""

import hashlib
import json
import struct

import numpy as np

import database
import datasets
import estimators
import report
import table
import transcendental

FUNCTIONS = ("log", "log2", "log10", "sqrt", "cbrt", "square", "asinh", "logit", "reciprocal", "expm1")
METHODS = {name: code + 1 for code, name in enumerate((
    "standard", "minmax", "maxabs", "robust", "identity", "mad", "meanabs", "midrange", "mean", "sum", "decimal",
    "quantile", "power", "log1p", "l1", "l2", "max", "affine", *FUNCTIONS))}
FORMULAS = {name: code for code, name in enumerate((
    "identity", "subtract_divide", "multiply_add", "divide", "subtract_divide_cast", "divide_cast", "scale_shift",
    "subtract_multiply", "multiply", "subtract_multiply_single", "subtract_multiply_add", "batch_norm",
    "fused_multiply_add", "log1p", "yeo_johnson", "box_cox", "quantile_uniform", "quantile_normal", "norm_l1", "norm_l2",
    "norm_max", "multiply_offset", "yeo_johnson_cast", "norm_l1_in_order", "norm_l2_in_order"))} | {
    name: code for code, name in enumerate(FUNCTIONS, 40)} | {
    "rescale_subtract_divide": 60, "rescale_subtract_divide_single": 61, "multiply_single": 62}
# jsonb does not keep the order of keys; recipes have that of the tables in core/scaler/method.c and core/scaler/formula.c
OPTIONS = {method: [name for name in options if name != "domain"] for method, options in estimators.OPTIONS.items() if method != "affine"} | {
    "quantile": ["n_quantiles", "output_distribution"], "power": ["method", "standardize"]}
# in this order, where there are such
PARAMETERS = ("lambda", "center", "scale", "multiplier", "intercept", "factor", "weight", "offset")
CHOICES = {"uniform": 0, "normal": 1, "yeo-johnson": 0, "box-cox": 1}
MISSING = ("keep", "nan", "error", "constant", "zero", "mean", "median", "min", "max", "most_frequent")
OUTSIDE = ("keep", "clip", "null", "error")
CONSTANT = ("unit", "null", "error")
QUANTILES = ("none", "exact", "histogram")
INTERCEPTS = {"number": 0, "min": 1, "mean": 2, "max": 3, "-min": 9, "-mean": 10, "-max": 11}
DTYPES = ("float64", "float32", "single")
UNKNOWN = 1.7976931348623157e308
# by the key of a rule: its code, and the member with its second number
RANGE_RULES = {"percentiles": (1, None), "fraction": (2, None), "deviations": (3, "ddof"), "mad": (4, "factor"), "iqr": (5, None)}
TAILS = {"both": 0, "right": 1, "left": 2}      # which end is open
DOMAINS = ("keep", "error", "null", "clip")


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def doubles(values):
    return b"".join(struct.pack("<d", float(value)) for value in values)


def option_values(feature):
    for name in OPTIONS.get(feature["method"], []):
        value = feature["options"][name]
        if isinstance(value, list):
            yield from value
        else:
            yield CHOICES.get(value, value)


def feature_bytes(feature, named):
    out = varint(len(feature["name"].encode())) + feature["name"].encode() if named else b""
    flags = (feature["constant"] * 1 + feature["target"] * 2 + ("global" in feature) * 4 + ("intercept" in feature) * 8 +
             ("imported" in feature) * 16 + ("unfit" in feature) * 32)
    out += bytes([METHODS[feature["method"]], FORMULAS[feature["formula"]], flags, MISSING.index(feature["missing"]),
                  OUTSIDE.index(feature["outside"]), CONSTANT.index(feature["if_constant"]),
                  QUANTILES.index(feature["quantiles"])])
    if "intercept" in feature:
        out += bytes([INTERCEPTS[feature["intercept"]]])
    out += doubles(option_values(feature))
    parameters = dict(feature["parameters"])
    quantiles = parameters.pop("quantiles", None)
    out += doubles(parameters[name] for name in sorted(parameters, key=PARAMETERS.index))
    if quantiles is not None:
        out += varint(len(quantiles)) + doubles(quantiles)
    out += doubles(feature["range"] or (-UNKNOWN, UNKNOWN))
    if "imputed" in feature:
        out += doubles([feature["imputed"]])
    return out


def extra_bytes(feature):
    """What format 2 has behind a feature: a bit for each extra, and the bytes of each (core/scaler/recipe_extras.h)."""
    bits, out = 0, b""
    if "before" in feature:
        bits += 1
        out += varint(len(feature["before"])) + b"".join(map(step_bytes, feature["before"]))
    if "clip" in feature:
        bits, out = bits + 2, out + doubles(feature["clip"])
    if "range_rule" in feature:
        bits += 4
        out += range_bytes(feature["range_rule"], feature["statistics"])
    if "dtype" in feature:
        bits, out = bits + 8, out + bytes([DTYPES.index(feature["dtype"])])
    if "domain" in feature:
        bits += 16
        out += domain_bytes(feature)
    return varint(bits) + out


def step_bytes(step):
    parameters = dict(step["parameters"])
    quantiles = parameters.pop("quantiles", None)
    out = bytes([METHODS[step["method"]], FORMULAS[step["formula"]], ("constant" in step) + 2 * ("imported" in step)]) + doubles(option_values(step))
    out += doubles(parameters[name] for name in sorted(parameters, key=PARAMETERS.index))
    return out + (varint(len(quantiles)) + doubles(quantiles) if quantiles is not None else b"") + domain_bytes(step)


def domain_bytes(said):
    return bytes([DOMAINS.index(said.get("domain", "keep"))]) + doubles(said.get("domain_range", []))


def range_bytes(rule, statistics):
    kind = next(name for name in RANGE_RULES if name in rule)
    code, beside = RANGE_RULES[kind]
    if isinstance(rule[kind], list):
        numbers, is_open = [number or 0 for number in rule[kind]], (rule[kind][0] is None) + 2 * (rule[kind][1] is None)
    else:
        numbers, is_open = [rule[kind], rule.get(beside, 0)], TAILS[rule["tail"]]
    return bytes([code, is_open + 4 * (statistics == "all")]) + doubles(numbers)


def recipe_bytes(said):
    """The recipe of a scaler's JSON: in format 2 if any feature has extras."""
    extras = [extra_bytes(feature) for feature in said["features"]]
    new = any(extra != b"\0" for extra in extras)
    out = bytes([1 + new, said["named"] * 1 + ("weighted" in said) * 2]) + varint(len(said["features"]))
    return out + varint(said["distribution"]) + b"".join(feature_bytes(f, said["named"]) + extra * new for f, extra in zip(said["features"], extras))


def fingerprint(said):
    recipe = recipe_bytes(said)
    digest = bytes.fromhex(said["profile_digest"]) if "profile_digest" in said else bytes(32)
    return hashlib.sha256(b"normfreeze-scaler" + bytes([said["format"]]) + struct.pack("<I", len(recipe)) + recipe +
                          digest).hexdigest()


NAMES = ["a", "b", "größe"]
FITS = (
    [(case, None) for case in estimators.shifted() + transcendental.CASES] +
    [((method, {name: choices[-1] for name, choices in estimators.OPTIONS[method].items()}), None)
     for method in estimators.METHODS] +
    [((method, {"missing": missing, "outside": outside, "constant": constant, "global": True, "names": NAMES}), weight)
     for method, missing, outside, constant, weight in (
         ("standard", "mean", "clip", "null", 1.5), ("minmax", "zero", "null", "unit", 0.25),
         ("robust", "median", "error", "unit", None), ("decimal", -2.5, "keep", "null", 3),
         ("power", "min", "keep", "unit", None), ("quantile", "max", "keep", "unit", None), ("maxabs", "most_frequent", "keep", "unit", None),
         ("l2", "nan", "keep", "unit", 1))] +
    [((norm, {"names": NAMES, "target": "b", "quantiles": "exact"}), None) for norm in ("l1", "max")] +
    [((function, options), None) for function in FUNCTIONS if function != "logit" for options in ({}, {"domain": "null"}, {"domain": "clip", "missing": "max"})] +
    [(("logit", {"domain": policy}), None) for policy in ("null", "clip")] + [(("log1p", {"domain": "error"}), None)] +
    [(("identity", {"names": NAMES, "features": {"b": {"method": "log", "domain": "clip"}}}), None)] +
    [((method, {"outside": outside, "range": rule, "statistics": statistics, "names": NAMES, "features": {"b": {"range": "training"}}, **more}), weight)
     for method, outside, rule, statistics, more, weight in (
         ("standard", "clip", [1, 99], "inside", {}, None), ("minmax", "null", {"percentiles": [None, 97.5]}, "all", {"missing": "median"}, None),
         ("robust", "error", {"fraction": [0.05, None]}, "inside", {"global": True}, None), ("mad", "clip", {"fraction": 0.01}, "inside", {}, None),
         ("standard", "clip", {"deviations": 2}, "all", {"intercept": "mean"}, 2.5), ("identity", "null", {"deviations": 3, "ddof": 1, "tail": "right"}, "inside", {}, None),
         ("quantile", "clip", {"mad": 3}, "inside", {}, None), ("power", "clip", {"mad": 2.5, "factor": 1, "tail": "left"}, "inside", {}, None),
         ("decimal", "clip", {"iqr": 1.5}, "inside", {"unfit": "null"}, None), ("standard", "clip", [5, 95], "inside", {"steps": ["log1p", "standard"]}, None),
         ("standard", "null", {"iqr": 3, "tail": "right"}, "all", {"steps": [{"method": "box-cox", "domain": "clip"}, "minmax"]}, None))] +
    # more quantiles than there are values
    [(("quantile", {"n_quantiles": 151, "unfit": policy, "missing": "median", "outside": "clip"}), None)
     for policy in ("null", "unit")])


def test_fingerprints(server, connection):
    """Every method, flag, policy and table: the oracle's bytes have the fingerprint that the database says."""
    x = np.random.default_rng(14).lognormal(0, 1, size=(150, 3))
    database.load(connection, "bytes", {"x": x}, {"x": "float8"})
    seen = set()
    for (method, options), weight in FITS:
        further = f", {weight}" if weight else ""
        text, = connection.execute(f"SELECT normfreeze.fit(x, '{method}', {database.literal(options)}{further})::jsonb::text "
                                   "FROM bytes").fetchone()
        said = json.loads(text)
        seen |= {f["method"] for f in said["features"]}
        report.check_equal(fingerprint(said), said["fingerprint"], f"bytes of {method} {options}, weight {weight}")
        report.check_equal(said["scaler_id"], str(int(said["fingerprint"][:16], 16) >> 1), f"id of {method} {options}")
    report.check_equal(seen, set(METHODS), "methods whose bytes were held against the oracle's")
    forged_unfit(connection)
    forged_clip(connection)


def forged_unfit(connection):
    """A feature that has parameters cannot be said to have none: verify() derives them."""
    text, = connection.execute("SELECT normfreeze.fit(x, 'standard')::jsonb::text FROM bytes").fetchone()
    said = json.loads(text)
    del said["probes"]
    said["features"][1] |= {"formula": "identity", "parameters": {}, "constant": True, "if_constant": "null", "unfit": True}
    said["fingerprint"] = fingerprint(said)
    said["scaler_id"] = str(int(said["fingerprint"][:16], 16) >> 1)
    scaler_id, = connection.execute("SELECT normfreeze.freeze('forged', %s::jsonb::normfreeze.scaler)",
                                    [json.dumps(said)]).fetchone()
    report.check_equal(connection.execute("SELECT ok, detail FROM normfreeze.verify(%s) WHERE \"check\" = 'parameters'",
                                          [scaler_id]).fetchone(),
                       (False, "feature 2 is said to have no parameters, and the profile gives some"), "a forged unfit feature")


def forged_clip(connection):
    """The range to which a domain clips is the training values' own: verify() derives it."""
    connection.execute("DROP TABLE IF EXISTS few_bytes; CREATE TABLE few_bytes (x float8[]); INSERT INTO few_bytes VALUES "
                       "('{-1}'), ('{0}'), ('{0.25}'), ('{0.5}'), ('{3}')")
    for method, right, wrong in (("log", [0.25, 3], [0.5, 3]), ("sqrt", [0, 3], [0, 2.5]), ("logit", [0.25, 0.5], [0.25, 0.25]),
                                 ("reciprocal", [0.25, 0.25], [0.5, 0.5]), ("log1p", [0, 3], [0.25, 3])):
        text, = connection.execute(f"SELECT normfreeze.fit(x, '{method}', '{{\"domain\": \"clip\"}}')::jsonb::text FROM few_bytes").fetchone()
        said = json.loads(text)
        report.check_equal(said["features"][0]["domain_range"], right, f"the range to which {method} clips")
        for clips in (right, wrong):
            said["features"][0]["domain_range"] = clips
            said.pop("probes", None)
            said["fingerprint"] = fingerprint(said)
            said["scaler_id"] = str(int(said["fingerprint"][:16], 16) >> 1)
            scaler_id, = connection.execute("SELECT normfreeze.freeze(%s, %s::jsonb::normfreeze.scaler)", [f"clip {method}", json.dumps(said)]).fetchone()
            ok, detail = connection.execute("SELECT ok, detail FROM normfreeze.verify(%s) WHERE \"check\" = 'parameters'", [scaler_id]).fetchone()
            report.check_equal(ok, clips == right, f"verify() of {method} that clips to {clips}: {detail}")


# ---- by hand ----

LAMBDAS = (0.0, 2.0, 1.0, -1.0, 0.5, 1e-17, -1e-17, 1e-300, 2 + 2.0**-51, 2 - 2.0**-52, 3e-16, 1.5, -30.0, 40.0)
TABLES = (
    [0.0, 1.0], [0.5], [3.0, 3.0, 3.0], [-2.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 5.0, 5.0], [-1e308, 0.0, 1e308],
    [0.0, 5e-324, 1e-323], [1e-9, 2e-9, 3e-9], [-1.7976931348623157e308, 1.7976931348623157e308], [1e16, 1e16 + 2, 1e16 + 4],
    list(np.linspace(-1, 1, 101)), [-0.5, 0.0, 0.25, 0.5, 1.0])


def feature_of(method, options, formula, parameters, quantiles):
    return {"name": None, "method": method, "options": options, "formula": formula, "parameters": parameters,
            "range": None, "constant": False, "target": False, "missing": "keep", "outside": "keep",
            "if_constant": "unit", "quantiles": quantiles}


def powers(method, center=0.0, scale=1.0):
    return [feature_of("power", {"method": method, "standardize": True}, method.replace("-", "_"),
                       {"lambda": power, "center": center, "scale": scale}, "exact") for power in LAMBDAS]


def tables(output):
    return [feature_of("quantile", {"n_quantiles": len(values), "output_distribution": output}, f"quantile_{output}",
                       {"quantiles": values}, "exact") for values in TABLES]


def by_hand(features):
    """The JSON of a scaler of these features."""
    said = {"format": 1, "scaler_id": "", "fingerprint": "", "named": False, "distribution": 0, "features": features}
    said["fingerprint"] = fingerprint(said)
    said["scaler_id"] = str(int(said["fingerprint"][:16], 16) >> 1)
    return json.dumps(said)


CASES = (
    (("power", {"method": "yeo-johnson", "standardize": True}), powers("yeo-johnson")),
    (("power", {"method": "yeo-johnson", "standardize": True}), powers("yeo-johnson", 0.1, 3.0)),
    (("power", {"method": "box-cox", "standardize": True}), powers("box-cox")),
    (("power", {"method": "box-cox", "standardize": True}), powers("box-cox", -1e5, 0.7)),
    (("quantile", {"output_distribution": "uniform"}), tables("uniform")),
    (("quantile", {"output_distribution": "normal"}), tables("normal")),
)


def probes(width, dtype):
    rng = np.random.default_rng(15)
    near = [v + k * np.spacing(dtype(v)) for v in (-2, -1, 0.25, 0.5, 1, 3, 5) for k in (-1, 0, 1)]
    rows = np.repeat(np.array(near, dtype)[:, None], width, axis=1)
    random = rng.normal(size=(30, width)) * 10.0 ** rng.integers(-9, 9, size=(30, width))
    return np.concatenate([rows, random.astype(dtype), datasets.probes(width, dtype)[:22]])


def test_by_hand(server, connection):
    """Lambdas of exactly 0 and 2 and about them, and tables of all shapes: scikit-learn's code, functions rounded."""
    connection.execute("CREATE TABLE by_hand (id int, scaler normfreeze.scaler)")
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        for number, ((method, options), features) in enumerate(CASES):
            x = probes(len(features), dtype)
            connection.execute("DROP TABLE IF EXISTS hand; TRUNCATE by_hand")
            database.load(connection, "hand", {"x": x}, {"x": kind})
            connection.execute("INSERT INTO by_hand VALUES (0, %s::jsonb::normfreeze.scaler)", [by_hand(features)])
            ours = database.apply(connection, "by_hand", "hand", "x", kind, x.shape[1], len(x))[0]
            case = method, options, database.json_arrays(connection, "by_hand")[0]
            for direction, got, expected in zip(("forward", "inverse", "back"), ours,
                                                transcendental.with_rounded_functions(case, x, ours[0])):
                table.THE_TABLE.add(method, transcendental.PEER_ROUNDED, f"{method} by hand {number}", dtype.__name__,
                                    "by hand", got, expected, ours[0] if direction == "back" else x,
                                    f"{features[0]['formula']}, {direction}")
    table.THE_TABLE.check(report)
