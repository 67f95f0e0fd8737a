-- exports: scikit-learn

CREATE FUNCTION normfreeze.to_sklearn(scaler normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(normfreeze.scaler) IS 'a scaler as a fitted estimator of scikit-learn that computes the same bits';

CREATE FUNCTION normfreeze.to_sklearn(scaler_id bigint) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(bigint) IS 'the frozen scaler of an id as a fitted estimator of scikit-learn that computes the same bits';

CREATE FUNCTION normfreeze.to_sklearn(ref text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn_of_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(text) IS 'the frozen scaler that a ref means as a fitted estimator of scikit-learn that computes the same bits';

-- exports: ONNX and PMML

CREATE FUNCTION normfreeze.to_onnx(scaler normfreeze.scaler) RETURNS bytea
	AS 'MODULE_PATHNAME', 'to_onnx' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_onnx(normfreeze.scaler) IS 'an ONNX model that computes what normalize() does';

CREATE FUNCTION normfreeze.to_onnx(scaler_id bigint) RETURNS bytea
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_onnx(normfreeze.scaler(scaler_id));
COMMENT ON FUNCTION normfreeze.to_onnx(bigint) IS 'an ONNX model that computes what normalize() does by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_onnx(ref text) RETURNS bytea
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_onnx(normfreeze.scaler(normfreeze.scaler_id(ref)));
COMMENT ON FUNCTION normfreeze.to_onnx(text) IS 'an ONNX model that computes what normalize() does by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.from_onnx(model bytea) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_onnx' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_onnx(bytea) IS 'the scaler that an ONNX model is: of to_onnx(), if it is still what that writes, or of others, if it consists of scalers';

CREATE FUNCTION normfreeze.to_pmml(scaler normfreeze.scaler) RETURNS xml
	AS 'MODULE_PATHNAME', 'to_pmml' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_pmml(normfreeze.scaler) IS 'a PMML document whose outputs are what normalize() gives';

CREATE FUNCTION normfreeze.to_pmml(scaler_id bigint) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(scaler_id));
COMMENT ON FUNCTION normfreeze.to_pmml(bigint) IS 'a PMML document whose outputs are what normalize() gives by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_pmml(ref text) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(normfreeze.scaler_id(ref)));
COMMENT ON FUNCTION normfreeze.to_pmml(text) IS 'a PMML document whose outputs are what normalize() gives by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.to_pmml(scaler normfreeze.scaler, verification boolean) RETURNS xml
	AS 'MODULE_PATHNAME', 'to_pmml_verified' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_pmml(normfreeze.scaler, boolean) IS 'a PMML document whose outputs are what normalize() gives, with the probes as its ModelVerification';

CREATE FUNCTION normfreeze.to_pmml(scaler_id bigint, verification boolean) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(scaler_id), verification);
COMMENT ON FUNCTION normfreeze.to_pmml(bigint, boolean) IS 'a PMML document with its ModelVerification, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_pmml(ref text, verification boolean) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(normfreeze.scaler_id(ref)), verification);
COMMENT ON FUNCTION normfreeze.to_pmml(text, boolean) IS 'a PMML document with its ModelVerification, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.from_pmml(document xml) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_pmml' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_pmml(xml) IS 'the scaler that a PMML document of to_pmml() carries, if the document is still what that writes';
