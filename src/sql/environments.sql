-- between environments

CREATE FUNCTION normfreeze.export_name(name text, evidence boolean DEFAULT true) RETURNS SETOF jsonb
	AS 'MODULE_PATHNAME', 'export_name' LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION normfreeze.export_name(text, boolean) IS 'the versions of a name with content, evidence and stage log, to be imported elsewhere';

CREATE FUNCTION normfreeze.import_name(exported jsonb, name text DEFAULT NULL, stages boolean DEFAULT false, mirror boolean DEFAULT false)
	RETURNS TABLE (version integer, scaler_id bigint, action text, stage_entries integer)
	AS 'MODULE_PATHNAME', 'import_name' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) IS 'append the versions that export_name() gave elsewhere, or mirror them exactly';

-- proof that two sides agree

CREATE FUNCTION normfreeze.probes(scaler normfreeze.scaler)
	RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	AS 'MODULE_PATHNAME', 'probes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 9;
COMMENT ON FUNCTION normfreeze.probes(normfreeze.scaler) IS 'rows of inputs, and what normalize() makes of them: for other implementations to be compared with';

CREATE FUNCTION normfreeze.probes(scaler_id bigint)
	RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	AS 'MODULE_PATHNAME', 'probes_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 9;
COMMENT ON FUNCTION normfreeze.probes(bigint) IS 'rows of inputs, and what normalize() makes of them by the frozen scaler of an id';

CREATE FUNCTION normfreeze.probes(ref text) RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 9
	BEGIN ATOMIC
		SELECT * FROM normfreeze.probes(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.probes(text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.verify_output(scaler normfreeze.scaler, inputs double precision[], outputs double precision[])
	RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_output' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.verify_output(normfreeze.scaler, double precision[], double precision[]) IS 'are these outputs what a scaler makes of the inputs, bit for bit? a row for each feature';

CREATE FUNCTION normfreeze.verify_output(scaler_id bigint, inputs double precision[], outputs double precision[])
	RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_output_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.verify_output(bigint, double precision[], double precision[]) IS 'are these outputs what the frozen scaler of an id makes of the inputs, bit for bit? a row for each feature';

CREATE FUNCTION normfreeze.verify_output(ref text, inputs double precision[], outputs double precision[]) RETURNS TABLE ("check" text, ok boolean, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.verify_output(normfreeze.scaler_id(ref), inputs, outputs);
	END;
COMMENT ON FUNCTION normfreeze.verify_output(text, double precision[], double precision[]) IS 'the same by a ref';
