-- scalers and profiles as values

CREATE FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'scaler_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler) IS 'a scaler as jsonb, as its text is JSON';

CREATE FUNCTION normfreeze.jsonb_to_scaler(jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'jsonb_to_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.jsonb_to_scaler(jsonb) IS 'the scaler that jsonb describes; a wrong fingerprint is an error';

CREATE CAST (normfreeze.scaler AS jsonb) WITH FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler);
CREATE CAST (jsonb AS normfreeze.scaler) WITH FUNCTION normfreeze.jsonb_to_scaler(jsonb);

CREATE FUNCTION normfreeze.fingerprint(scaler normfreeze.scaler) RETURNS text
	AS 'MODULE_PATHNAME', 'fingerprint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fingerprint(normfreeze.scaler) IS 'SHA-256 of what a scaler is, with or without its profile at hand';

CREATE FUNCTION normfreeze.id_of(scaler normfreeze.scaler) RETURNS bigint
	AS 'MODULE_PATHNAME', 'id_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.id_of(normfreeze.scaler) IS 'the scaler_id a scaler has wherever it is frozen: the first 63 bits of its fingerprint';

CREATE FUNCTION normfreeze.bare(scaler normfreeze.scaler) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'bare' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.bare(normfreeze.scaler) IS 'the scaler without its profile, but with the same identity';

CREATE FUNCTION normfreeze.profile_of(scaler normfreeze.scaler) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_of_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_of(normfreeze.scaler) IS 'the profile inside a scaler; NULL if it is bare';

CREATE FUNCTION normfreeze.profile_digest(profile normfreeze.profile) RETURNS text
	AS 'MODULE_PATHNAME', 'profile_digest' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_digest(normfreeze.profile) IS 'SHA-256 by which scalers and normfreeze.profiles know a profile';

CREATE FUNCTION normfreeze.feature_names(scaler normfreeze.scaler) RETURNS text[]
	AS 'MODULE_PATHNAME', 'feature_names_of_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.feature_names(normfreeze.scaler) IS 'the features that normalize() asks for, in the order of its results; NULL if they have no names';
