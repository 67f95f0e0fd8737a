-- scalers of other systems

CREATE FUNCTION normfreeze.from_sklearn(fitted jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_sklearn' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_sklearn(jsonb) IS 'a fitted scaler of scikit-learn, with its arithmetic';

CREATE FUNCTION normfreeze.from_spark(model jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_spark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_spark(jsonb) IS 'a model of Apache Spark ML, with its arithmetic';

CREATE FUNCTION normfreeze.from_onnx_scaler(node jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_onnx_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_onnx_scaler(jsonb) IS 'a node of ONNX operator Scaler, with its arithmetic';

CREATE FUNCTION normfreeze.from_batchnorm(mean double precision[], var double precision[], weight double precision[] DEFAULT NULL, bias double precision[] DEFAULT NULL, eps double precision DEFAULT 1e-5, names text[] DEFAULT NULL, formula text DEFAULT 'stable') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_batchnorm_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_batchnorm(double precision[], double precision[], double precision[], double precision[], double precision, text[], text) IS 'batch normalization in evaluation, computed in float8';

CREATE FUNCTION normfreeze.from_batchnorm(mean real[], var real[], weight real[] DEFAULT NULL, bias real[] DEFAULT NULL, eps double precision DEFAULT 1e-5, names text[] DEFAULT NULL, formula text DEFAULT 'stable') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_batchnorm_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_batchnorm(real[], real[], real[], real[], double precision, text[], text) IS 'batch normalization in evaluation, computed in float4';

CREATE FUNCTION normfreeze.from_vertica(model jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_vertica' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_vertica(jsonb) IS 'a normalization model of Vertica, by its documented formula';

CREATE FUNCTION normfreeze.from_teradata(fit jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_teradata' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_teradata(jsonb) IS 'a TD_ScaleFit table of Teradata, by its documented formula';

CREATE FUNCTION normfreeze.from_bigquery(info jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_bigquery' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_bigquery(jsonb) IS 'a scaler of BigQuery ML from ML.FEATURE_INFO, by its documented behaviour';

CREATE FUNCTION normfreeze.from_parameters(parameters jsonb, options jsonb DEFAULT '{}') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_parameters(jsonb, jsonb) IS 'parameters as they lie in files, with the arithmetic of the code beside them';
