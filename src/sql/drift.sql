-- drift

CREATE FUNCTION normfreeze.drift(reference normfreeze.profile, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift(normfreeze.profile, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved from one profile to another';

CREATE FUNCTION normfreeze.drift(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift(bigint, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved since the frozen scaler of an id was fitted';

CREATE FUNCTION normfreeze.drift(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift_of_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift(text, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved since the frozen scaler that a ref means was fitted';

CREATE FUNCTION normfreeze.drift_ranges(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, outside text, range_rule jsonb, lower double precision, upper double precision,
	reference_outside_range double precision, live_outside_range double precision
)
	AS 'MODULE_PATHNAME', 'drift_ranges_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_ranges(bigint, normfreeze.profile, jsonb) IS 'the shares of training and live values on which policy "outside" of the frozen scaler of an id acts';

CREATE FUNCTION normfreeze.drift_ranges(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, outside text, range_rule jsonb, lower double precision, upper double precision,
	reference_outside_range double precision, live_outside_range double precision
)
	AS 'MODULE_PATHNAME', 'drift_ranges_of_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_ranges(text, normfreeze.profile, jsonb) IS 'the same for the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.drift_bins(reference normfreeze.profile, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_bins(normfreeze.profile, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, from one profile to another';

CREATE FUNCTION normfreeze.drift_bins(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_bins(bigint, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, since the frozen scaler of an id was fitted';

CREATE FUNCTION normfreeze.drift_bins(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins_of_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_bins(text, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, since the frozen scaler that a ref means was fitted';
