-- methods

CREATE TYPE normfreeze.method AS ENUM (
	'standard', 'minmax', 'maxabs', 'robust', 'mad', 'meanabs', 'midrange', 'mean', 'sum',
	'decimal', 'quantile', 'power', 'log1p', 'l1', 'l2', 'max', 'affine', 'identity',
	'log', 'log2', 'log10', 'sqrt', 'cbrt', 'square', 'asinh', 'logit', 'reciprocal', 'expm1'
);
COMMENT ON TYPE normfreeze.method IS 'how features are scaled';

-- the label of a method is never changed, so the cast is immutable
CREATE FUNCTION normfreeze.method(name text) RETURNS normfreeze.method
	AS 'MODULE_PATHNAME', 'method' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.method(text) IS 'the method of this name';
CREATE CAST (text AS normfreeze.method) WITH FUNCTION normfreeze.method(text) AS IMPLICIT;
CREATE CAST (varchar AS normfreeze.method) WITH FUNCTION normfreeze.method(text) AS IMPLICIT;

CREATE FUNCTION normfreeze.methods() RETURNS jsonb
	AS 'MODULE_PATHNAME', 'methods' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.methods() IS 'the methods with their options, and the formulas with their parameters and steps';
