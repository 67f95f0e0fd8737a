-- planner support functions, and which functions have them

CREATE FUNCTION normfreeze.normalize_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'normalize_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION normfreeze.normalize_support(internal) IS 'planner support: normalize() and denormalize() become calls that cost less, or calls by the scaler itself';

CREATE FUNCTION normfreeze.freeze_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'freeze_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION normfreeze.freeze_support(internal) IS 'planner support: what freeze() and others are given is planned as a fit of columns in the first query of a session, too';

ALTER FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fingerprint(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.id_of(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.bare(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.profile_of(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.profile_digest(normfreeze.profile) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method, jsonb) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.normalize(double precision[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(real[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(smallint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(integer[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(bigint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(numeric[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(record, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(jsonb, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(double precision, bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize_value("any", bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(double precision[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(real[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(smallint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(integer[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(bigint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(numeric[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(record, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(jsonb, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(double precision, bigint, text) SUPPORT normfreeze.normalize_support;
