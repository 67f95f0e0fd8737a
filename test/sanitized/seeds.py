"""Documents and texts of other kinds, valid as they are: what importers, options, refs and plans are mutated from."""

SKLEARN = [
    '{"class": "StandardScaler", "with_mean": true, "with_std": true, "copy": true, "feature_names_in_": ["a", "b"], "n_features_in_": 2, "n_samples_seen_": 9, "mean_": [1, 2.5], "var_": [4, 0], "scale_": [2, 1], "_sklearn_version": "1.9.1"}',
    '{"params": {"with_mean": false}, "attributes": {"mean_": [1, 2.5], "scale_": [2, 1]}}',
    '{"feature_range": [-1, 1], "clip": true, "min_": [-1, 0.5], "scale_": [0.25, 2], "data_min_": [0, 3], "data_max_": [8, 3]}',
    '{"with_centering": false, "center_": null, "scale_": [4, 1], "quantile_range": [10.0, 90.0]}',
    '{"output_distribution": "normal", "n_quantiles": 1000, "references_": [0, 0.5, 1], "quantiles_": [[1, 2], [3, 2], [7, 2]]}',
    '{"method": "yeo-johnson", "lambdas_": [0.5, 1.5], "standardize": true, "_scaler": {"mean_": [1, 2], "scale_": [1, 3]}}',
    '{"class": "sklearn.preprocessing._data.PowerTransformer", "method": "box-cox", "standardize": false, "lambdas_": [0.5, 0]}',
    '{"class": "Normalizer", "norm": "max", "n_features_in_": 2}', '{"class": "FunctionTransformer", "func": "log1p", "names": ["a", "b"]}',
    '{"class": "ColumnTransformer", "n_features_in_": 3, "remainder": "passthrough", "transformers_": [["s", {"class": "StandardScaler", "mean_": [1], "scale_": [2]}, [0]], ["m", {"class": "MaxAbsScaler", "max_abs_": [4], "scale_": [4]}, [2]], ["remainder", "passthrough", [1]]]}',
    '{"class": "Pipeline", "n_features_in_": 2, "steps": [["i", {"class": "SimpleImputer", "statistics_": [1, 2], "strategy": "median"}], ["f", "passthrough"], ["s", {"mean_": [1, 2], "scale_": [1, 2]}]]}',
    '{"class": "Pipeline", "n_features_in_": 2, "steps": [["l", {"class": "FunctionTransformer", "func": "log1p"}], ["s", {"class": "StandardScaler", "mean_": [1, 2.5], "scale_": [2, 1]}], ["m", {"class": "MinMaxScaler", "feature_range": [-1, 1], "clip": true, "min_": [-1, 0.5], "scale_": [0.25, 2], "data_min_": [0, 3], "data_max_": [8, 3]}]]}',
]
SPARK = [
    '{"class": "org.apache.spark.ml.feature.StandardScalerModel", "paramMap": {"withMean": true}, "defaultParamMap": {"withMean": false, "withStd": true}, "mean": [1, 2], "std": [3, 0], "columns": ["a", "b"]}',
    '{"originalMin": [1, 2], "originalMax": [4, 2], "min": -1, "sparkVersion": "2.4.8"}', '{"median": [1, 2], "range": [3, 0], "withCentering": true, "lower": 0.1, "upper": 0.9}',
    '{"class": "Normalizer", "paramMap": {"p": "Inf"}, "n_features": 2}', '{"maxAbs": {"type": 0, "size": 3, "indices": [1], "values": [2.5]}}',
    '{"class": "ImputerModel", "paramMap": {"inputCols": ["b", "a"], "outputCols": ["y", "x"], "strategy": "median"}, "defaultParamMap": {"missingValue": "NaN", "strategy": "mean"}, "surrogateDF": {"a": 2.0, "b": 5.0}}',
]
ONNX_SCALER = ['{"offset": [0.1, 16777217], "scale": [0.3, 1e-3], "names": ["a", "b"]}', '{"offset": [0.1], "scale": [0.3], "n_features": 2}']
# a model of others: ((X - c) / d) * e
ONNX_GRAPH = bytes.fromhex("08083aad010a110a01580a01631201761a017322035375620a0e0a01760a016412017722034469760a0e0a01770a016512015922034d756c1201672a190802100b4201634a10000000000000f03f00000000000000402a190802100b4201644a10000000000000e03f00000000000010402a190802100b4201654a1000000000000008400000000000001c405a110a0158120c0a0a080b12060a000a02080262110a0159120c0a0a080b12060a000a02080242040a00100f")
VERTICA = ['{"method": "zscore", "details": [{"column_name": "a", "avg": 1, "std_dev": "2.5"}]}', '{"details": [{"column_name": "a", "median": 1, "mad": 2}]}',
           '{"details": [{"column_name": "a", "min": 1, "max": 3}, {"column_name": "b", "min": 0.1, "max": 0.3}]}']
TERADATA = ['{"columns": {"income": {"location": 1, "scale": 2, "multiplier": 3, "intercept": 4}, "age": {"location": 5, "scale": 6}}, "names": ["income", "age"]}',
            '{"scale_method": "USTD", "miss_value": "LOCATION", "statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}, {"TD_STATTYPE_SCLFIT": "missvalue_LOCATION", "a": null}]}']
BIGQUERY = ['{"scaler": "standard", "features": [{"input": "a", "min": "-3", "max": "1", "mean": "-1", "stddev": "2"}]}',
            '{"scaler": "min_max", "features": [{"input": "a", "min": -3, "max": 1}]}', '{"scaler": "max_abs", "features": [{"input": "a", "min": -3, "max": 1, "mean": -1, "stddev": 2}]}']
PARAMETERS = ['{"features": ["a", "b"], "mean": [12.5, -0.3], "std": [0.1, 7.0]}', '{"a": {"min": 0, "max": 3}, "b": {"min": -1, "max": 1.5}}', '{"a_q01": 0, "a_q99": 3, "b_q01": [1], "b_q99": [2]}',
              '[{"name": "a", "median": 1, "iqr": 0.5}, {"name": "b", "median": -7, "iqr": 1e300}]', '{"image_mean": [0.5], "image_std": [0.25], "rescale_factor": 0.00392156862745098, "do_rescale": true}', '{"points": [[[0, -1], [10, 1]]]}']
# options of from_parameters, each with a document that takes them
PARAMETER_OPTIONS = [
    (PARAMETERS[0], '{"dtype": "float32", "clip": [-10.5, 10], "eps": 1e-8}'), (PARAMETERS[1], '{"shape": "range", "to": [-1, 1], "eps": 1e-8, "zero": "result_zero", "clip": true}'),
    (PARAMETERS[2], '{"clip_input": true, "dtype": "single"}'), (PARAMETERS[0], '{"before": ["log1p", {"method": "affine", "center": 0.1, "scale": 0.3}, {"method": "log10", "domain": "null"}], "clip_input": [0, 100]}'),
    (PARAMETERS[4], '{"ignore": true, "dtype": "transformers"}'), ('{"queue": [{"mean": [0.5, 1], "var": [2.5, 0], "count": 7.5}]}', '{"path": ["queue", 0], "eps": 1e-8, "eps_in": "variance", "clip": [-5, 5], "ignore": ["count"]}'),
    ('{"mu": [1, 2], "sigma": [3, 0.1], "mask": [true, false]}', '{"keys": {"mean": "mu", "std": "sigma"}, "names": ["x", "y"]}'), (PARAMETERS[5], '{}')]
IMPORTERS = {"from_parameters": PARAMETERS, "from_sklearn": SKLEARN, "from_spark": SPARK, "from_onnx_scaler": ONNX_SCALER, "from_vertica": VERTICA, "from_teradata": TERADATA, "from_bigquery": BIGQUERY}

# options, and methods that take them
FIT_OPTIONS = [
    ('{"columns": ["a", "b", "c", "d"], "missing": "median", "outside": "clip", "constant": "null", "unfit": "null", "infinite": "skip"}', "standard minmax maxabs robust mad meanabs quantile power log1p"),
    ('{"columns": ["a", "b", "c", "d", "e"], "distribution": 64, "quantiles": "histogram", "missing": 1.5, "empty": "unit", "unfit": "unit"}', "standard minmax robust mad quantile l1 l2 max identity"),
    ('{"columns": "numeric", "exclude": ["id"], "unfit": "null", "infinite": "skip"}', "standard minmax maxabs robust"),
    ('{"columns": ["a", "b"], "target": ["b"], "features": {"a": {"method": "robust", "quantile_range": [5, 95], "unit_variance": true}, "b": {"method": "minmax", "feature_range": [-1, 1], "clip": true}}}', "standard maxabs"),
    ('{"columns": ["a", "b", "d"], "features": {"a": {"method": "power", "standardize": false, "lambda": "bounded"}, "b": {"method": "quantile", "n_quantiles": 9, "output_distribution": "normal"}, "d": {"method": "mad", "factor": 2}}}', "standard identity"),
    ('{"columns": ["a", "b"], "global": true, "intercept": "mean", "multiplier": -2.5}', "standard robust"), ('{"columns": ["a", "f"], "with_mean": false, "with_std": true, "ddof": 1, "infinite": "skip"}', "standard"),
    ('{"columns": ["a", "d"], "max_quantiles": 100}', "quantile"), ('{"columns": ["a", "d"], "method": "box-cox", "lambda": "bounded"}', "power"), ('{"columns": ["a", "c"], "center": 1, "scale": 3}', "affine"),
    ('{"columns": ["a", "b"], "feature_range": [-1, 2], "clip": true}', "minmax"), ('{"names": ["x", "y"], "distribution": false, "outside": "null", "missing": "max"}', "standard minmax"),
    ('{"columns": ["a", "b", "d"], "steps": ["log1p", {"method": "standard", "with_mean": false}], "domain": "null", "missing": "most_frequent"}', "standard"),
    ('{"columns": ["a", "b", "c"], "steps": ["yeo-johnson", {"method": "quantile", "n_quantiles": 7}, {"method": "affine", "center": 0.5, "scale": 2}, "box-cox"], "domain": "clip"}', "standard"),
    ('{"columns": ["a", "d"], "outside": "clip", "features": {"a": {"steps": [{"method": "log1p", "domain": "clip"}, "robust"]}, "d": {"steps": null, "missing": "median"}}}', "minmax robust"),
    ('{"steps": ["midrange", "mad"], "global": true, "distribution": 32}', "standard"),
    ('{"columns": ["a", "b", "d"], "outside": "clip", "range": [5, 95], "statistics": "inside", "missing": "mean"}', "standard minmax robust quantile identity"),
    ('{"columns": ["a", "b", "d"], "outside": "null", "range": {"percentiles": [null, 90]}, "statistics": "all", "features": {"a": {"range": {"fraction": [0.1, 0.05]}}, "b": {"range": {"iqr": 1.5, "tail": "right"}, "outside": "error"}}}', "standard minmax maxabs mad"),
    ('{"columns": ["a", "c"], "outside": "clip", "range": {"deviations": 2, "ddof": 1, "tail": "both"}, "features": {"c": {"range": {"mad": 3, "factor": 1, "tail": "left"}}}}', "standard robust power meanabs"),
    ('{"columns": ["a", "b"], "clip": [-2, 1.5], "features": {"b": {"clip": false}, "a": {"steps": ["sqrt", "standard"], "domain": "clip", "outside": "clip", "range": [1, 99]}}}', "standard minmax robust sum decimal"),
    ('{"columns": ["a", "d"], "domain": "null", "missing": "min", "features": {"d": {"method": "reciprocal", "domain": "clip"}}}', "log log2 log10 sqrt logit log1p"),
    ('{"columns": ["a", "d"], "domain": "clip", "steps": ["asinh", "cbrt", "square", "expm1"]}', "standard"),
    ('{}', "standard robust quantile power identity"),
]
DRIFT_OPTIONS = ['{"bins": 10, "exclude": ["a"]}', '{}', '{"psi": [0.1, 0.25]}', '{"alpha": 0.01, "correction": "bonferroni"}', '{"min_rows": 30}', '{"decide": ["psi"], "thresholds": {"psi": [0.1, 0.2]}}']
REFS = ["m@v1", "m@production", "m@latest", "m", "keyed@v1", "other@staging", "m@v2147483647", "sha256:0123456789abcdef", "4547406707124752244"]
