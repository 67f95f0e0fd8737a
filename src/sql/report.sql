-- report

CREATE FUNCTION normfreeze.report(scaler_id bigint) RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_id' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(bigint) IS 'a page of HTML about the frozen scaler of an id';

CREATE FUNCTION normfreeze.report(ref text) RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_ref' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(text) IS 'a page of HTML about the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.report(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_id' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(bigint, normfreeze.profile, jsonb) IS 'a page of HTML about the frozen scaler of an id, and how far live values have moved from those it was fitted on';

CREATE FUNCTION normfreeze.report(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_ref' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(text, normfreeze.profile, jsonb) IS 'a page of HTML about the frozen scaler that a ref means, and how far live values have moved from those it was fitted on';
