"""What is valid, of every kind: tables, scalers, profiles, states, documents.  Attacks begin with it.

All is made by the extension itself in one database.
"""

NUMBERS = """
CREATE DOMAIN odd_number AS float8 CHECK (VALUE IS NULL OR VALUE <> 1e300);
CREATE DOMAIN odd_array AS float8[];
CREATE TYPE pair AS (a float8, b odd_number);
CREATE DOMAIN odd_pair AS pair;
CREATE TYPE nothing AS ();
CREATE TABLE numbers (gone int, a float8, b real, also_gone text, c int, d numeric, e boolean, f odd_number, id int PRIMARY KEY);
INSERT INTO numbers SELECT 1, i + 0.5, i * i * 0.25, 'x', mod(i, 5) + 1, i * 1.5 + 1, mod(i, 2) = 0, 2 * i, i FROM generate_series(1, 40) AS i;
ALTER TABLE numbers DROP COLUMN gone, DROP COLUMN also_gone;
CREATE TABLE holes AS SELECT * FROM numbers;
INSERT INTO holes VALUES (NULL, NULL, NULL, NULL, NULL, NULL, 41), ('NaN', 'NaN', 0, 'NaN', NULL, 'NaN', 42), ('-0', 0, -1, 0, false, -7, 43),
    (1e290, 1e30, 2147483647, 1e100, true, 1e290, 44), (5e-324, 1e-45, 1, 1e-300, true, 5e-324, 45), (-1e290, -3e38, -2147483648, -1e100, NULL, -1, 46);
CREATE TABLE none (LIKE numbers);
CREATE TABLE wide AS SELECT i AS id, %s FROM generate_series(1, 9) AS i;
CREATE TABLE stored (how text PRIMARY KEY, numbers float8[], object jsonb, words text);
ALTER TABLE stored ALTER numbers SET STORAGE EXTERNAL, ALTER words SET STORAGE EXTERNAL;
INSERT INTO stored SELECT 'external', array_agg(sin(i)), jsonb_object_agg('k' || i, sin(i)), repeat('external', 1000) FROM generate_series(1, 700) AS i;
ALTER TABLE stored ALTER numbers SET STORAGE EXTENDED, ALTER words SET STORAGE EXTENDED;
INSERT INTO stored VALUES ('short', '{1,2,3}', '{"a": 1, "b": 2}', 'm'),
    ('compressed', array_fill(1.5::float8, '{1500}'), jsonb_build_object('a', 1, 'b', 2, 'z', repeat('x', 4000)), repeat('m', 5000));
""" % ", ".join(f"i * {k} AS c{k}" for k in range(1, 150))

# name: expression of a scaler
FEATURES = '"columns": ["a", "b", "c", "d"]'
SCALERS = {
    **{f"{method} of rows": f"(SELECT normfreeze.fit(n, '{method}', '{{{FEATURES}}}') FROM numbers AS n)"
       for method in ("standard", "minmax", "maxabs", "robust", "mad", "meanabs", "quantile", "power", "identity", "log1p")},
    **{f"{method} of arrays": f"(SELECT normfreeze.fit(ARRAY[a, b, c], '{method}') FROM numbers)"
       for method in ("standard", "minmax", "robust", "quantile", "power", "l2", "l1", "max")},
    "policies": f"""(SELECT normfreeze.fit(n, 'standard', '{{"columns": ["a","b","c","d","e","f"], "missing": "median", "outside": "clip",
        "constant": "null", "distribution": 16, "target": "d", "features": {{"b": {{"method": "robust", "unit_variance": true, "quantiles": "histogram"}},
        "c": {{"method": "minmax", "intercept": "min", "multiplier": 2}},
        "d": {{"method": "quantile", "n_quantiles": 5, "output_distribution": "normal"}}, "e": {{"missing": 0.5, "outside": "null"}},
        "f": {{"method": "power", "standardize": false}}}}}}') FROM numbers AS n)""",
    "global": """(SELECT normfreeze.fit(n, 'quantile', '{"columns": ["a", "b", "d"], "global": true, "n_quantiles": 7}') FROM numbers AS n)""",
    "weighted": f"""(SELECT normfreeze.fit(n, 'standard', '{{{FEATURES}}}', n.a) FROM numbers AS n)""",
    "constant": """(SELECT normfreeze.fit(ARRAY[1, NULL, a], 'standard', '{"constant": "null", "unfit": "null", "names": ["one", "none", "é"]}') FROM numbers)""",
    "box-cox": """(SELECT normfreeze.fit(ARRAY[a, d], 'power', '{"method": "box-cox", "distribution": false}') FROM numbers)""",
    "bare": "(SELECT normfreeze.bare(normfreeze.fit(ARRAY[a], 'maxabs')) FROM numbers)",
    "affine": """(SELECT normfreeze.fit(ARRAY[a, b], 'affine', '{"center": 1.5, "scale": -2}') FROM numbers)""",
    "imported": """normfreeze.from_sklearn('{"class": "Pipeline", "n_features_in_": 2, "steps": [["i", {"class": "SimpleImputer", "statistics_": [1, 2],
        "strategy": "mean"}], ["s", {"class": "StandardScaler", "mean_": [1, 2.5], "var_": [4, 0], "scale_": [2, 1], "n_features_in_": 2}]]}')""",
    "batchnorm": """normfreeze.from_batchnorm('{0.5,1}'::real[], '{3,1}', '{0.7,1}', '{0.2,0}', names => '{a,b}', formula => 'contiguous_fma')""",
    "spark": """normfreeze.from_spark('{"originalMin": [1, 2], "originalMax": [4, 2], "max": 3, "columns": ["a", "b"]}')""",
    "most frequent": """(SELECT normfreeze.fit(n, 'minmax', '{"columns": ["a", "c"], "missing": "most_frequent"}') FROM numbers AS n)""",
    "steps of rows": f"""(SELECT normfreeze.fit(n, 'standard', '{{{FEATURES}, "steps": ["log1p", {{"method": "standard", "with_mean": false}}]}}') FROM numbers AS n)""",
    "weighted steps": """(SELECT normfreeze.fit(n, 'standard', '{"columns": ["a", "b", "d"], "missing": "mean", "steps": ["asinh", "standard", {"method": "minmax", "clip": true}],
        "features": {"b": {"steps": ["log", "standard"], "domain": "clip"}, "d": {"steps": null, "outside": "clip", "range": {"deviations": 1}}}}', n.b) FROM numbers AS n)""",
    "steps of arrays": """(SELECT normfreeze.fit(ARRAY[a, b, c], 'standard', '{"steps": ["yeo-johnson", "robust", {"method": "quantile", "n_quantiles": 9}, "mad"]}') FROM numbers)""",
    "steps and policies": """(SELECT normfreeze.fit(n, 'minmax', '{"columns": ["a", "b", "f"], "missing": "median", "outside": "clip", "features": {
        "a": {"steps": [{"method": "affine", "center": 9, "scale": 2, "domain": "null"}, {"method": "log1p", "domain": "clip"}, "midrange"]},
        "b": {"steps": ["log1p", {"method": "minmax", "feature_range": [-1, 1], "clip": true}], "domain": "null"}}}') FROM numbers AS n)""",
    **{f"winsorized, {rule}": f"""(SELECT normfreeze.fit(n, '{method}', '{{"columns": ["a", "c"], "outside": "{outside}", "range": {given}, "statistics": "{statistics}"}}') FROM numbers AS n)"""
       for rule, given, outside, statistics, method in (
           ("percentiles", "[2.5, 95]", "clip", "inside", "standard"), ("right", "[null, 90]", "null", "all", "minmax"),
           ("fraction", '{"fraction": [0.1, 0.05]}', "clip", "inside", "robust"), ("deviations", '{"deviations": 1.5, "ddof": 1}', "error", "inside", "maxabs"),
           ("mad", '{"mad": 2, "factor": 1, "tail": "left"}', "clip", "inside", "quantile"), ("iqr", '{"iqr": 0.25}', "null", "inside", "power"))},
    "winsorized and steps": """(SELECT normfreeze.fit(n, 'standard', '{"columns": ["a", "b"], "missing": "mean", "outside": "clip", "range": [5, 95],
        "features": {"a": {"steps": ["sqrt", "standard"], "clip": [-1, 1.5], "domain": "null"}, "b": {"range": {"iqr": 1}, "statistics": "all"}}}') FROM numbers AS n)""",
    "clipped": """(SELECT normfreeze.fit(n, 'standard', '{"columns": ["a", "d"], "clip": [-1, 1.25], "features": {"d": {"method": "robust", "clip": [-0.5, 0.5]}}}') FROM numbers AS n)""",
    **{f"domain {policy}": f"""(SELECT normfreeze.fit(n, 'log', '{{"columns": ["a", "d"], "missing": "min", "domain": "{policy}", "features": {{"d": {{"method": "logit", "domain": "clip"}}}}}}')
        FROM (SELECT a, d / 64 AS d FROM numbers) AS n)""" for policy in ("error", "null", "clip")},
    "float32": """normfreeze.from_parameters('{"a": {"mean": 6.1, "std": 0.37}, "b": {"mean": 2, "std": 3}}', '{"dtype": "float32", "clip": [-20, 20.5]}')""",
    "single": """normfreeze.from_parameters('{"mean": [1, 2], "scale": [3, 0.1]}', '{"dtype": "single", "before": ["log1p", "cbrt"]}')""",
    "clipped input": """normfreeze.from_parameters('{"min": [0, 1], "max": [3, 7]}', '{"dtype": "float32", "to": [-1, 1], "eps": 1e-8, "clip_input": true}')""",
    "clipped input, steps": """normfreeze.from_parameters('{"min": [0, 1], "max": [3, 7]}', '{"clip_input": [-1, 9], "clip": [0.1, 0.9],
        "before": [{"method": "affine", "center": 0.1, "scale": 0.3}, {"method": "log10", "domain": "null"}]}')""",
    "steps, all as one": """(SELECT normfreeze.fit(n, 'standard', '{"columns": ["a", "d"], "global": true, "steps": ["log1p", "robust"]}') FROM numbers AS n)""",
    "one": """(SELECT normfreeze.fit(n, 'standard', '{"columns": ["a"]}') FROM numbers AS n)""",
    "set of one": """(SELECT normfreeze.by_key(k, s) FROM (SELECT c::text AS k, normfreeze.fit(n, 'standard', '{"columns": ["a"]}') AS s FROM numbers AS n GROUP BY 1) AS g)""",
    "set": f"""(SELECT normfreeze.by_key(k, s) FROM (SELECT e::text AS k, normfreeze.fit(n, 'standard', '{{{FEATURES}}}') AS s FROM numbers AS n GROUP BY 1) AS g)""",
    "set with fallback": """(SELECT normfreeze.by_key(k, s, (SELECT normfreeze.fit(ARRAY[a], 'minmax') FROM numbers)) FROM
        (SELECT 'k' || c AS k, normfreeze.fit(ARRAY[a], 'standard', '{"distribution": false}') AS s FROM numbers GROUP BY 1) AS g)""",
    "set of steps": """(SELECT normfreeze.by_key(k, s) FROM (SELECT e::text AS k, normfreeze.fit(ARRAY[a, b], 'standard', '{"steps": ["log1p", "standard"]}') AS s
        FROM numbers GROUP BY 1) AS g)""",
    "set of null": "(SELECT normfreeze.by_key(k, s, 'null') FROM (SELECT c::text AS k, normfreeze.fit(ARRAY[a, b], 'robust') AS s FROM numbers GROUP BY 1) AS g)",
}

PROFILES = {
    "rows": "(SELECT normfreeze.profile(n, '{a,b,c,d}'::text[]) FROM numbers AS n)",
    "holes": "(SELECT normfreeze.profile(n, '{a,b,c,d,e,f}'::text[]) FROM holes AS n)",
    "arrays": "(SELECT normfreeze.profile(ARRAY[a, b, c]) FROM numbers)",
    "one": "(SELECT normfreeze.profile(ARRAY[a]) FROM numbers WHERE id = 1)",
    "nothing": "(SELECT normfreeze.profile(ARRAY[NULL, NULL]::float8[]) FROM numbers)",
    "weighted": f"normfreeze.profile_of({SCALERS['weighted']})",
    "coarse": f"normfreeze.profile_of({SCALERS['policies']})",
    "none kept": "normfreeze.profile_of((SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{\"distribution\": false}') FROM numbers))",
}

# an aggregate that ends with its state as it is: (arguments, call)
STATES = {
    "profile": ("normfreeze.profile_transition", "record, text[]", "n, '{a,b}'::text[]"),
    "profile of arrays": ("normfreeze.profile_transition", "float8[]", "ARRAY[a, b]::float8[]"),
    "standard": ("normfreeze.fit_transition", "record, normfreeze.method, jsonb", "n, 'standard', '{\"columns\": [\"a\", \"b\"]}'"),
    "robust": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb", "ARRAY[a, b]::float8[], 'robust', '{\"missing\": \"median\"}'"),
    "quantile": ("normfreeze.fit_transition", "record, normfreeze.method, jsonb",
                 "n, 'quantile', '{\"columns\": [\"a\", \"b\"], \"global\": true, \"n_quantiles\": 3}'"),
    "weighted": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb, float8", "ARRAY[a, b]::float8[], 'standard', '{}', a"),
    "weighted steps": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb, float8", "ARRAY[a, b, d]::float8[], 'standard', '{\"steps\": [\"standard\", \"cbrt\", \"mean\"], \"domain\": \"null\"}', a"),
    "results": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb", "ARRAY[a, b, d]::float8[], 'standard', '{\"steps\": [\"log1p\", \"square\", \"standard\"], \"missing\": \"mean\"}'"),
    "weighted results": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb, float8", "ARRAY[a, b, d]::float8[], 'standard', '{\"steps\": [\"log\", \"standard\"], \"domain\": \"null\"}', a"),
    "results and values": ("normfreeze.fit_transition", "record, normfreeze.method, jsonb, float8",
                           "n, 'standard', '{\"columns\": [\"a\", \"b\"], \"steps\": [\"cbrt\", \"mean\"], \"features\": {\"b\": {\"steps\": [\"standard\", \"asinh\", \"standard\"]}}}', c"),
    "weighted range": ("normfreeze.fit_transition", "record, normfreeze.method, jsonb, float8",
                       "n, 'standard', '{\"columns\": [\"a\", \"b\"], \"outside\": \"null\", \"range\": {\"deviations\": 1}, \"global\": true}', b"),
    "weighted profile": ("normfreeze.profile_transition", "float8[], float8", "ARRAY[a, b]::float8[], 1 / a"),
    "weighted scan": ("normfreeze.scan_transition", "record, normfreeze.method, jsonb, float8", "n, 'standard', '{\"columns\": [\"a\", \"b\"], \"steps\": [\"log\", \"standard\"]}', d"),
    "scan": ("normfreeze.scan_transition", "record, normfreeze.method, jsonb", "n, 'power', '{\"columns\": [\"a\", \"b\"]}'"),
    "steps": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb", "ARRAY[a, b]::float8[], 'standard', '{\"steps\": [\"log1p\", \"robust\"]}'"),
    "functions": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb", "ARRAY[a, b]::float8[], 'standard', '{\"steps\": [\"sqrt\", \"cbrt\", \"standard\"], \"domain\": \"null\"}'"),
    "winsorized": ("normfreeze.fit_transition", "record, normfreeze.method, jsonb",
                   "n, 'standard', '{\"columns\": [\"a\", \"b\"], \"outside\": \"clip\", \"range\": [5, 90], \"clip\": [-1, 1]}'"),
    "domain": ("normfreeze.fit_transition", "float8[], normfreeze.method, jsonb", "ARRAY[a, b]::float8[], 'log2', '{\"domain\": \"clip\", \"missing\": \"median\"}'"),
    "merge": ("normfreeze.merge_transition", "normfreeze.profile", "(SELECT p FROM profiles WHERE what = 'arrays')"),
}

FROZEN = """
CREATE TABLE scalers (what text PRIMARY KEY, s normfreeze.scaler, id bigint);
CREATE TABLE profiles (what text PRIMARY KEY, p normfreeze.profile);
CREATE TABLE states (what text PRIMARY KEY, f normfreeze.fit_state);
"""

REGISTRY = """
SELECT normfreeze.freeze('m', s) FROM scalers WHERE what IN ('standard of rows', 'minmax of rows') ORDER BY what DESC;
SELECT normfreeze.freeze('other', s, 'a note', '{"deep": [[1.10]]}') FROM scalers WHERE what IN ('policies', 'quantile of rows', 'steps and policies') ORDER BY what;
SELECT normfreeze.freeze('keyed', s) FROM scalers WHERE what = 'set';
SELECT normfreeze.freeze('arrays', s) FROM scalers WHERE what = 'standard of arrays';
SELECT normfreeze.promote('m', 1); SELECT normfreeze.promote('m', 2, 'staging', new_stage => true);
SELECT normfreeze.freeze('one', s) FROM scalers WHERE what = 'one'; SELECT normfreeze.freeze('keyed_one', s) FROM scalers WHERE what = 'set of one';
SELECT normfreeze.promote('one', 1); SELECT normfreeze.promote('keyed_one', 1);
SELECT normfreeze.promote('m', 2, force => true); SELECT normfreeze.rollback('m'); SELECT normfreeze.promote('m', 2, force => true);
SELECT normfreeze.promote('keyed', 1); SELECT normfreeze.promote('other', 2); SELECT normfreeze.promote('arrays', 1);
SELECT normfreeze.register_use('m', 'report', 'model');
SELECT normfreeze.record_drift('m', p) FROM profiles WHERE what = 'rows';
SELECT normfreeze.allow_stage('production', 'public');
CREATE TABLE archive AS SELECT * FROM normfreeze.archive_drift_log('-infinity', 'm');
"""


def make(server):
    """The tables of this file; what is not to be had is an error here."""
    server.query("CREATE EXTENSION normfreeze;" + NUMBERS + FROZEN)
    # every method, of numbers between 0 and 1, which each takes
    of_shares = {f"{method} of shares": f"(SELECT normfreeze.fit(ARRAY[a / 41, d / 64], '{method}') FROM numbers)"
                 for method in server.query("SELECT unnest(enum_range(NULL::normfreeze.method))").splitlines()}
    for what, expression in {**SCALERS, **of_shares}.items():
        server.query(f"INSERT INTO scalers SELECT '{what}', s, normfreeze.id_of(s) FROM (SELECT {expression} AS s) AS q")
    for what, expression in PROFILES.items():
        server.query(f"INSERT INTO profiles SELECT '{what}', {expression}")
    for what, (function, arguments, call) in STATES.items():
        server.query(f"""CREATE AGGREGATE state_of({arguments}) (SFUNC = {function}, STYPE = normfreeze.fit_state);
            INSERT INTO states SELECT '{what}', state_of({call}) FROM numbers AS n;
            DROP AGGREGATE state_of({arguments})""")
    server.query(REGISTRY)


def names(server, table):
    return server.query(f"SELECT what FROM {table} ORDER BY what").splitlines()
