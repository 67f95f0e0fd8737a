-- monitoring: drift as it was recorded

-- of equal verdicts that of the greatest PSI, then the first; view drift_state and the NOTIFY of record_drift() show it
-- what views read in jsonb, which may hold anything

CREATE FUNCTION normfreeze.json_float8(object jsonb, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'json_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_float8(jsonb, text) IS 'the number of a key, or "Infinity", "-Infinity" or "NaN"; NULL if it is none';

CREATE FUNCTION normfreeze.json_bigint(object jsonb, key text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'json_bigint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_bigint(jsonb, text) IS 'the whole number of a key; NULL if it is none';

CREATE FUNCTION normfreeze.json_time(object jsonb, key text) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'json_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_time(jsonb, text) IS 'the time of a key, in UTC as exports write it; NULL if it is none';

CREATE FUNCTION normfreeze.worst_drift(features jsonb) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'worst_drift' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.worst_drift(jsonb) IS 'of the features of an entry of drift_log the one with the worst verdict';

CREATE TABLE normfreeze.drift_log (
	scaler_id bigint NOT NULL,
	seq integer NOT NULL,
	at timestamptz NOT NULL,
	label text,
	recorded_by text NOT NULL,
	recorded_session_user text NOT NULL,
	reference_rows bigint NOT NULL,
	live_rows bigint NOT NULL,
	verdict text COLLATE "C",
	features jsonb NOT NULL,
	options jsonb NOT NULL,
	live_digest text COLLATE "C" NOT NULL,
	CONSTRAINT drift_log_pkey PRIMARY KEY (scaler_id, seq),
	CONSTRAINT drift_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT drift_log_features CHECK (pg_catalog.jsonb_typeof(features) OPERATOR(pg_catalog.=) 'array'),
	CONSTRAINT drift_log_known_verdict CHECK (
		(verdict OPERATOR(pg_catalog.=) 'none') OR (verdict OPERATOR(pg_catalog.=) 'moderate') OR (verdict OPERATOR(pg_catalog.=) 'major')),
	CONSTRAINT drift_log_verdict CHECK (
		verdict IS NOT DISTINCT FROM (normfreeze.worst_drift(features) OPERATOR(pg_catalog.->>) 'verdict')),
	CONSTRAINT drift_log_live_digest CHECK (live_digest OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$')
);
CREATE INDEX drift_log_verdict_idx ON normfreeze.drift_log (scaler_id, seq) WHERE verdict IS NOT NULL;
-- labels of any length may have been inserted, and an index has none beyond 2,700 bytes
CREATE INDEX drift_log_label_idx ON normfreeze.drift_log (scaler_id, (pg_catalog."left"(label, 200) COLLATE "C"), seq);
ALTER INDEX normfreeze.drift_log_label_idx ALTER COLUMN 2 SET STATISTICS 0;
COMMENT ON TABLE normfreeze.drift_log IS 'what drift() said of live profiles: the entries of record_drift(), never changed';
COMMENT ON COLUMN normfreeze.drift_log.seq IS '1, 2, 3, ... for each scaler';
COMMENT ON COLUMN normfreeze.drift_log.label IS 'what was watched, such as a day';
COMMENT ON COLUMN normfreeze.drift_log.recorded_by IS 'the current user, whose privileges recorded it';
COMMENT ON COLUMN normfreeze.drift_log.recorded_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.drift_log.verdict IS 'the worst of the features; NULL where there were too few rows to tell';
COMMENT ON COLUMN normfreeze.drift_log.features IS 'an array of objects with the columns of drift(), one for each feature';
COMMENT ON COLUMN normfreeze.drift_log.options IS 'those of drift(), with all defaults of then';
COMMENT ON COLUMN normfreeze.drift_log.live_digest IS 'normfreeze.profile_digest() of the live profile';

SELECT pg_catalog.pg_extension_config_dump('normfreeze.drift_log', '');

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.drift_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.drift_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION normfreeze.record_drift(scaler_id bigint, live normfreeze.profile, label text DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'record_drift_of_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) IS 'append to drift_log what drift() says of a live profile, unless it is the newest entry of the label; returns the verdict';

CREATE FUNCTION normfreeze.record_drift(ref text, live normfreeze.profile, label text DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'record_drift_of_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) IS 'the same for the scaler that a ref means now';

CREATE VIEW normfreeze.drift_state AS
	-- a set by key is its members: those that are watched
	SELECT s.name, s.version, c.scaler_id, e.verdict, p.verdict AS previous, e.label, e.at,
		CASE WHEN pg_catalog.isfinite(e.at) THEN pg_catalog.now() OPERATOR(pg_catalog.-) e.at END AS age,
		COALESCE(e.worst OPERATOR(pg_catalog.->>) 'feature',
			'feature ' OPERATOR(pg_catalog.||) (e.worst OPERATOR(pg_catalog.->>) 'ordinal')) AS feature,
		CASE WHEN e.seq IS NULL THEN 'never recorded' ELSE e.worst OPERATOR(pg_catalog.->>) 'reason' END AS reason,
		e.reference_rows, e.live_rows, e.seq, m.key
	FROM normfreeze.stages AS s
	LEFT JOIN normfreeze.members AS m ON m.set_id OPERATOR(pg_catalog.=) s.scaler_id
	CROSS JOIN LATERAL (SELECT COALESCE(m.scaler_id, s.scaler_id) AS scaler_id) AS c
	LEFT JOIN LATERAL (
		SELECT l.seq, l.at, l.label, l.verdict, l.reference_rows, l.live_rows, normfreeze.worst_drift(l.features) AS worst
		FROM normfreeze.drift_log AS l WHERE l.scaler_id OPERATOR(pg_catalog.=) c.scaler_id
		ORDER BY l.seq DESC LIMIT 1) AS e ON true
	LEFT JOIN LATERAL (
		SELECT l.verdict FROM normfreeze.drift_log AS l
		WHERE l.scaler_id OPERATOR(pg_catalog.=) c.scaler_id AND l.seq OPERATOR(pg_catalog.<) e.seq AND l.verdict IS NOT NULL
		ORDER BY l.seq DESC LIMIT 1) AS p ON true
	WHERE s.stage OPERATOR(pg_catalog.=) 'production' AND NOT s.retired
		AND (m.key IS NULL OR e.seq IS NOT NULL);
COMMENT ON VIEW normfreeze.drift_state IS 'the newest entry of drift_log of every scaler that is in production now, or that there is none; of a set by key, those of its members';

CREATE VIEW normfreeze.drift_history AS
	SELECT l.scaler_id, l.seq, l.at, l.label, l.verdict AS overall,
		CASE WHEN f.ordinal OPERATOR(pg_catalog.>=) -2147483648 AND f.ordinal OPERATOR(pg_catalog.<=) 2147483647
			THEN f.ordinal::pg_catalog.int4 END AS ordinal,
		f.value OPERATOR(pg_catalog.->>) 'feature' AS feature,
		f.value OPERATOR(pg_catalog.->>) 'verdict' AS verdict,
		f.value OPERATOR(pg_catalog.->>) 'decided_by' AS decided_by,
		normfreeze.json_float8(f.value, 'threshold') AS threshold,
		normfreeze.json_bigint(f.value, 'reference_rows') AS reference_rows,
		normfreeze.json_bigint(f.value, 'live_rows') AS live_rows,
		normfreeze.json_float8(f.value, 'reference_missing') AS reference_missing,
		normfreeze.json_float8(f.value, 'live_missing') AS live_missing,
		normfreeze.json_float8(f.value, 'mean_shift') AS mean_shift,
		normfreeze.json_float8(f.value, 'variance_ratio') AS variance_ratio,
		normfreeze.json_float8(f.value, 'outside') AS outside,
		normfreeze.json_float8(f.value, 'psi') AS psi,
		normfreeze.json_float8(f.value, 'jensen_shannon') AS jensen_shannon,
		normfreeze.json_float8(f.value, 'hellinger') AS hellinger,
		normfreeze.json_float8(f.value, 'wasserstein') AS wasserstein,
		normfreeze.json_float8(f.value, 'ks') AS ks,
		normfreeze.json_float8(f.value, 'ks_p_value') AS ks_p_value,
		normfreeze.json_float8(f.value, 'cell_mass') AS cell_mass,
		normfreeze.json_float8(f.value, 'p_value') AS p_value,
		f.value OPERATOR(pg_catalog.->>) 'worst_bin' AS worst_bin,
		f.value OPERATOR(pg_catalog.->>) 'reason' AS reason,
		normfreeze.json_float8(f.value, 'reference_outside_range') AS reference_outside_range,
		normfreeze.json_float8(f.value, 'live_outside_range') AS live_outside_range
	FROM normfreeze.drift_log AS l
	-- an element that is no object is a row, too
	CROSS JOIN LATERAL (
		SELECT e.value, normfreeze.json_bigint(e.value, 'ordinal') AS ordinal
		FROM pg_catalog.jsonb_array_elements(
			CASE pg_catalog.jsonb_typeof(l.features) WHEN 'array' THEN l.features ELSE '[]' END) AS e (value)) AS f;
COMMENT ON VIEW normfreeze.drift_history IS 'drift_log as a row for each feature of each entry, for plots';

REVOKE EXECUTE ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.drift_log TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.drift_state, normfreeze.drift_history TO @extowner@ WITH GRANT OPTION;
