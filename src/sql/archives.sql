-- retention: old entries of drift_log and use_log leave as an archive, with proof

CREATE TABLE normfreeze.archive_log (
	log text COLLATE "C" NOT NULL,
	scaler_id bigint NOT NULL,
	first_seq integer NOT NULL,
	last_seq integer NOT NULL,
	newest_seq integer NOT NULL,
	sha256 text COLLATE "C" NOT NULL,
	before timestamptz NOT NULL,
	note text,
	at timestamptz NOT NULL,
	archived_by text NOT NULL,
	archived_session_user text NOT NULL,
	CONSTRAINT archive_log_pkey PRIMARY KEY (log, scaler_id, last_seq),
	CONSTRAINT archive_log_log CHECK (
		(log OPERATOR(pg_catalog.=) 'drift_log') OR (log OPERATOR(pg_catalog.=) 'use_log')),
	CONSTRAINT archive_log_seq CHECK (
		first_seq OPERATOR(pg_catalog.>) 0 AND first_seq OPERATOR(pg_catalog.<=) last_seq
		AND last_seq OPERATOR(pg_catalog.<) newest_seq),
	CONSTRAINT archive_log_sha256 CHECK (sha256 OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$')
);
COMMENT ON TABLE normfreeze.archive_log IS 'which entries of drift_log and use_log were archived, and a digest that proves the archive';
COMMENT ON COLUMN normfreeze.archive_log.log IS 'the table that the entries were in';
COMMENT ON COLUMN normfreeze.archive_log.first_seq IS 'the first number that left: 1, or the one after the last that left before';
COMMENT ON COLUMN normfreeze.archive_log.newest_seq IS 'the greatest number in the log then, whose entry stayed';
COMMENT ON COLUMN normfreeze.archive_log.sha256 IS 'normfreeze.archive_digest() of all archived entries of the scaler up to last_seq';
COMMENT ON COLUMN normfreeze.archive_log.before IS 'entries of this time and later were to stay';
COMMENT ON COLUMN normfreeze.archive_log.archived_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.archive_log.archived_session_user IS 'the session user, who was logged in';

SELECT pg_catalog.pg_extension_config_dump('normfreeze.archive_log', '');

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.archive_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.archive_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.archive_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.archive_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION normfreeze.archive_drift_log(before timestamptz, note text DEFAULT NULL, max_entries integer DEFAULT 10000) RETURNS TABLE (scaler_id bigint, seq integer, entry text)
	AS 'MODULE_PATHNAME', 'archive_drift_log' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer) IS 'remove entries of drift_log from before a time, which are the result, and log their digest; view drift_state stays as it is';

CREATE FUNCTION normfreeze.archive_use_log(before timestamptz, note text DEFAULT NULL, max_entries integer DEFAULT 10000) RETURNS TABLE (scaler_id bigint, seq integer, entry text)
	AS 'MODULE_PATHNAME', 'archive_use_log' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.archive_use_log(timestamptz, text, integer) IS 'remove entries of use_log from before a time, which are the result, and log their digest; view uses stays as it is';

CREATE FUNCTION normfreeze.archive_digest_step(state bytea, entry text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'archive_digest_step' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.archive_digest_step(bytea, text) IS 'transition function of archive_digest(text)';

CREATE FUNCTION normfreeze.archive_digest_final(state bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'archive_digest_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.archive_digest_final(bytea) IS 'final function of archive_digest(text)';

CREATE AGGREGATE normfreeze.archive_digest(entry text) (
	SFUNC = normfreeze.archive_digest_step,
	STYPE = bytea,
	FINALFUNC = normfreeze.archive_digest_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.archive_digest(text) IS 'the digest that archive_log has of archived entries of a scaler, in the order of their numbers';

CREATE FUNCTION normfreeze.verify_archive(archive regclass, log text) RETURNS TABLE (scaler_id bigint, first_seq integer, last_seq integer, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_archive' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.verify_archive(regclass, text) IS 'prove that a table has the archived entries of a log, all of them and unchanged';

REVOKE EXECUTE ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.archive_use_log(timestamptz, text, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.archive_digest_step(bytea, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.archive_digest_final(bytea) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.archive_digest(text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.verify_archive(regclass, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.archive_use_log(timestamptz, text, integer) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.archive_digest_step(bytea, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.archive_digest_final(bytea) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.archive_digest(text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.verify_archive(regclass, text) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.archive_log TO @extowner@ WITH GRANT OPTION;
