-- functions of the registry

CREATE FUNCTION normfreeze.freeze(name text, scaler normfreeze.scaler, note text DEFAULT NULL, metadata jsonb DEFAULT '{}', keep_profile boolean DEFAULT true) RETURNS bigint
	AS 'MODULE_PATHNAME', 'freeze' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) IS 'store a scaler as the next version of a name, unless the name has it already; returns its scaler_id';

CREATE FUNCTION normfreeze.scaler(scaler_id bigint) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'scaler' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler(bigint) IS 'the frozen scaler of an id, bare';

CREATE FUNCTION normfreeze.scaler_id(ref text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scaler_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_id(text) IS 'the id that a ref means now: name, name@stage, name@v3, name@latest or sha256:<digits>';

CREATE FUNCTION normfreeze.scaler(ref text) RETURNS normfreeze.scaler
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.scaler(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.scaler(text) IS 'the frozen scaler that a ref means, bare';

CREATE FUNCTION normfreeze.scaler_id(name text, stage text, as_of timestamptz) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scaler_id_at' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_id(text, text, timestamptz) IS 'the id that a stage of a name had at a time';

CREATE FUNCTION normfreeze.profile_of(scaler_id bigint) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_of' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_of(bigint) IS 'the profile a frozen scaler was fitted on; NULL if it was not kept';

CREATE FUNCTION normfreeze.profile_of(ref text) RETURNS normfreeze.profile
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.profile_of(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.profile_of(text) IS 'the profile that the frozen scaler of a ref was fitted on; NULL if it was not kept';

CREATE FUNCTION normfreeze.feature_names(scaler_id bigint) RETURNS text[]
	AS 'MODULE_PATHNAME', 'feature_names_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.feature_names(bigint) IS 'the features that normalize() asks for, in the order of its results; NULL if they have no names';

CREATE FUNCTION normfreeze.feature_names(ref text) RETURNS text[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.feature_names(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.feature_names(text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.promote(name text, version integer, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_version' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) IS 'make a version the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.promote(name text, version smallint, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_small_version' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) IS 'make a version the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.promote(name text, scaler_id bigint, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) IS 'make a scaler of this name the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.rollback(name text, stage text DEFAULT 'production', note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'rollback_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.rollback(text, text, text) IS 'go back to the version that a stage had before; returns its scaler_id';

CREATE FUNCTION normfreeze.demote(name text, stage text, note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'demote' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.demote(text, text, text) IS 'end a stage of a name, which has no version from then on; returns the scaler_id of the one that it had';

CREATE FUNCTION normfreeze.retire(name text, version integer, note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'retire' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.retire(text, integer, text) IS 'make a version unreachable by name; its id still applies';

CREATE FUNCTION normfreeze.allow_stage(stage text, role text, note text DEFAULT NULL, new_stage boolean DEFAULT false) RETURNS boolean
	AS 'MODULE_PATHNAME', 'allow_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) IS 'admit a role to a stage, which from then on is closed to all others; true if that changed anything';

CREATE FUNCTION normfreeze.disallow_stage(stage text, role text, note text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'disallow_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.disallow_stage(text, text, text) IS 'withdraw what allow_stage() gave; true if that changed anything';

CREATE FUNCTION normfreeze.describe(scaler normfreeze.scaler) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	AS 'MODULE_PATHNAME', 'describe_scaler' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(normfreeze.scaler) IS 'the features of a scaler: parameters, options and what they were fitted on';

CREATE FUNCTION normfreeze.describe(scaler_id bigint) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	AS 'MODULE_PATHNAME', 'describe_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(bigint) IS 'the features of a frozen scaler: parameters, options and what they were fitted on';

CREATE FUNCTION normfreeze.describe(ref text) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.describe(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.describe(text) IS 'the features of the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.describe(profile normfreeze.profile) RETURNS TABLE (
	ordinal integer, feature text, n bigint, nulls bigint, nans bigint, infinite bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[]
)
	AS 'MODULE_PATHNAME', 'describe_profile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(normfreeze.profile) IS 'the statistics of each feature of a profile';

CREATE FUNCTION normfreeze.describe_weights(scaler normfreeze.scaler) RETURNS TABLE (
	ordinal integer, feature text, weights double precision, mean double precision, std double precision, variance double precision
)
	AS 'MODULE_PATHNAME', 'describe_weights_scaler' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe_weights(normfreeze.scaler) IS 'the weighted statistics of each feature that a scaler was fitted on';

CREATE FUNCTION normfreeze.describe_weights(scaler_id bigint) RETURNS TABLE (
	ordinal integer, feature text, weights double precision, mean double precision, std double precision, variance double precision
)
	AS 'MODULE_PATHNAME', 'describe_weights_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe_weights(bigint) IS 'the weighted statistics of each feature that a frozen scaler was fitted on';

CREATE FUNCTION normfreeze.describe_weights(ref text) RETURNS TABLE (
	ordinal integer, feature text, weights double precision, mean double precision, std double precision, variance double precision
)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.describe_weights(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.describe_weights(text) IS 'the weighted statistics of each feature that the frozen scaler was fitted on that a ref means';

CREATE FUNCTION normfreeze.describe_weights(profile normfreeze.profile) RETURNS TABLE (
	ordinal integer, feature text, weights double precision, mean double precision, std double precision, variance double precision
)
	AS 'MODULE_PATHNAME', 'describe_weights_profile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe_weights(normfreeze.profile) IS 'the weighted statistics of each feature of a profile';

CREATE FUNCTION normfreeze.explain("row" record, scaler_id bigint) RETURNS TABLE (feature text, raw double precision, action text, formula text, normalized double precision)
	AS 'MODULE_PATHNAME', 'explain_row' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.explain(record, bigint) IS 'what normalize() does to each feature of a row, and why';

CREATE FUNCTION normfreeze.explain("row" record, ref text) RETURNS TABLE (feature text, raw double precision, action text, formula text, normalized double precision)
	AS 'MODULE_PATHNAME', 'explain_row_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.explain(record, text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.diff(old_id bigint, new_id bigint) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	AS 'MODULE_PATHNAME', 'diff' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.diff(bigint, bigint) IS 'what differs between two frozen scalers; shifts are in the old one''s deviations';

CREATE FUNCTION normfreeze.diff(old_ref text, new_ref text) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.diff(normfreeze.scaler_id(old_ref), normfreeze.scaler_id(new_ref));
	END;
COMMENT ON FUNCTION normfreeze.diff(text, text) IS 'what differs between the frozen scalers that two refs mean';

CREATE FUNCTION normfreeze.diff(name text, old_version integer, new_version integer) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.diff(
			normfreeze.scaler_id(pg_catalog.format('%s@v%s', name, old_version)), normfreeze.scaler_id(pg_catalog.format('%s@v%s', name, new_version)));
	END;
COMMENT ON FUNCTION normfreeze.diff(text, integer, integer) IS 'what differs between two versions of a name';

CREATE FUNCTION normfreeze.select_list(scaler_id bigint, alias text, prefix text DEFAULT '', passthrough text[] DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'select_list' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.select_list(bigint, text, text, text[]) IS 'a SELECT list with a named column for each normalized feature of the rows of alias';

CREATE FUNCTION normfreeze.select_list(ref text, alias text, prefix text DEFAULT '', passthrough text[] DEFAULT '{}') RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN normfreeze.select_list(normfreeze.scaler_id(ref), alias, prefix, passthrough);
COMMENT ON FUNCTION normfreeze.select_list(text, text, text, text[]) IS 'the same by a ref';

CREATE FUNCTION normfreeze.view_query(relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS text
	AS 'MODULE_PATHNAME', 'view_query_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.view_query(regclass, bigint, text[], text, text) IS 'a query of a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.create_view(name text, relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id', replace boolean DEFAULT false) RETURNS regclass
	AS 'MODULE_PATHNAME', 'create_view_by_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.create_view(text, regclass, bigint, text[], text, text, boolean) IS 'create a view of a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.view_query(relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS text
	AS 'MODULE_PATHNAME', 'view_query_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.view_query(regclass, text, text[], text, text) IS 'a query of a relation with its features normalized, by the frozen scaler that a ref means, whichever that is';

CREATE FUNCTION normfreeze.create_view(name text, relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id', replace boolean DEFAULT false) RETURNS regclass
	AS 'MODULE_PATHNAME', 'create_view_by_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.create_view(text, regclass, text, text[], text, text, boolean) IS 'create a view of a relation with its features normalized, by the frozen scaler that a ref means, whichever that is';

-- in FROM, with a column definition list

CREATE FUNCTION normfreeze.normalize_table_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'normalize_table_support' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_table_support(internal) IS 'planner support function of normalize_table';

CREATE FUNCTION normfreeze.normalize_table(relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'normalize_table_by_id' LANGUAGE C STABLE PARALLEL RESTRICTED
	SUPPORT normfreeze.normalize_table_support;
COMMENT ON FUNCTION normfreeze.normalize_table(regclass, bigint, text[], text, text) IS 'in FROM: a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize_table(relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'normalize_table_by_ref' LANGUAGE C STABLE PARALLEL RESTRICTED
	SUPPORT normfreeze.normalize_table_support;
COMMENT ON FUNCTION normfreeze.normalize_table(regclass, text, text[], text, text) IS 'in FROM: a relation with its features normalized, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.verify(scaler_id bigint) RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_id' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.verify(bigint) IS 'prove that a frozen scaler is what was frozen and computes what it computed';

CREATE FUNCTION normfreeze.verify(ref text) RETURNS TABLE ("check" text, ok boolean, detail text)
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	BEGIN ATOMIC
		SELECT * FROM normfreeze.verify(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.verify(text) IS 'prove that the frozen scaler that a ref means is what was frozen';

CREATE FUNCTION normfreeze.verify() RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_all' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.verify() IS 'prove that every frozen scaler is what was frozen and computes what it computed';
