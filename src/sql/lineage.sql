-- lineage and privacy: who used which scaler, what happened to a name, and profiles that are gone

CREATE FUNCTION normfreeze.digest_of(scaler normfreeze.scaler) RETURNS text
	AS 'MODULE_PATHNAME', 'digest_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.digest_of(normfreeze.scaler) IS 'the digest of the profile that a scaler was fitted on, which is a part of its identity; NULL if there was none';

CREATE INDEX scalers_digest_idx ON normfreeze.scalers ((normfreeze.digest_of(scaler) COLLATE "C"));
-- ANALYZE need not read every scaler for it
ALTER INDEX normfreeze.scalers_digest_idx ALTER COLUMN 1 SET STATISTICS 0;

CREATE TABLE normfreeze.use_log (
	scaler_id bigint NOT NULL,
	seq integer NOT NULL,
	consumer text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	note text,
	at timestamptz NOT NULL,
	registered_by text NOT NULL,
	registered_session_user text NOT NULL,
	CONSTRAINT use_log_pkey PRIMARY KEY (scaler_id, seq),
	CONSTRAINT use_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT use_log_consumer CHECK (
		pg_catalog.octet_length(consumer) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(consumer) OPERATOR(pg_catalog.<=) 200),
	CONSTRAINT use_log_kind CHECK (
		pg_catalog.octet_length(kind) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(kind) OPERATOR(pg_catalog.<=) 200)
);
CREATE INDEX use_log_consumer_idx ON normfreeze.use_log (consumer, kind, at, scaler_id, seq);
CREATE INDEX use_log_scaler_idx ON normfreeze.use_log (scaler_id, consumer, kind);
COMMENT ON TABLE normfreeze.use_log IS 'who uses which scaler, since when: the entries of register_use(), never changed';
COMMENT ON COLUMN normfreeze.use_log.seq IS '1, 2, 3, ... for each scaler';
COMMENT ON COLUMN normfreeze.use_log.consumer IS 'what uses it: the name of a model, a table, a service';
COMMENT ON COLUMN normfreeze.use_log.registered_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.use_log.registered_session_user IS 'the session user, who was logged in';

CREATE TABLE normfreeze.purge_log (
	digest text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	scaler_id bigint NOT NULL,
	reason text NOT NULL,
	at timestamptz NOT NULL,
	purged_by text NOT NULL,
	purged_session_user text NOT NULL,
	CONSTRAINT purge_log_pkey PRIMARY KEY (digest, seq),
	CONSTRAINT purge_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT purge_log_digest CHECK (digest OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$'),
	CONSTRAINT purge_log_reason CHECK (reason OPERATOR(pg_catalog.<>) '')
);
CREATE INDEX purge_log_scaler_id_idx ON normfreeze.purge_log (scaler_id);
COMMENT ON TABLE normfreeze.purge_log IS 'profiles that were purged, are not stored and not stored again: an entry for each scaler that had one';
COMMENT ON COLUMN normfreeze.purge_log.digest IS 'normfreeze.profile_digest() of the profile that is gone';
COMMENT ON COLUMN normfreeze.purge_log.seq IS '1, 2, 3, ... for each profile';
COMMENT ON COLUMN normfreeze.purge_log.scaler_id IS 'a scaler that was fitted on it, or a set with one';
COMMENT ON COLUMN normfreeze.purge_log.purged_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.purge_log.purged_session_user IS 'the session user, who was logged in';

SELECT pg_catalog.pg_extension_config_dump('normfreeze.use_log', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.purge_log', '');

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.use_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.use_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.purge_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.purge_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.purge_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.purge_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION normfreeze.register_use(scaler_id bigint, consumer text, kind text, note text DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'register_use_of_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.register_use(bigint, text, text, text) IS 'append to use_log that a consumer uses a scaler, unless that is so already; returns the number of the entry';

CREATE FUNCTION normfreeze.register_use(ref text, consumer text, kind text, note text DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'register_use_of_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.register_use(text, text, text, text) IS 'the same for the scaler that a ref means now';

CREATE FUNCTION normfreeze.purge_profile(scaler_id bigint, reason text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'purge_profile' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.purge_profile(bigint, text) IS 'remove the profile of a frozen scaler, or of all members of a set, for good; returns how many frozen scalers had it';

CREATE VIEW normfreeze.named_scalers AS
	SELECT v.name, v.version, NULL::pg_catalog.text COLLATE "C" AS key, v.scaler_id, v.scaler_id AS version_id, v.frozen_at, v.evidence
	FROM normfreeze.versions AS v
	UNION ALL
	SELECT v.name, v.version, m.key, m.scaler_id, v.scaler_id, v.frozen_at, v.evidence
	FROM normfreeze.versions AS v
	JOIN normfreeze.members AS m ON m.set_id OPERATOR(pg_catalog.=) v.scaler_id;
COMMENT ON VIEW normfreeze.named_scalers IS 'every scaler that a name leads to: its versions, and of versions that are sets the scaler of each key';

CREATE VIEW normfreeze.uses AS
	SELECT u.consumer, u.kind, u.name, u.version, u.key, u.scaler_id, u.since, u.registered_by, u.registered_session_user, u.note,
		ARRAY(SELECT s.stage FROM normfreeze.stages AS s
			WHERE s.name OPERATOR(pg_catalog.=) u.name AND s.version OPERATOR(pg_catalog.=) u.version ORDER BY s.stage) AS stages,
		EXISTS (SELECT 1 FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) u.name AND r.version OPERATOR(pg_catalog.=) u.version
				AND r.action OPERATOR(pg_catalog.=) 'retire') AS retired
	FROM (SELECT DISTINCT ON (l.consumer, l.kind, n.name, n.key)
			l.consumer, l.kind, n.name, n.version, n.key, l.scaler_id, l.at AS since,
			l.registered_by, l.registered_session_user, l.note
		FROM normfreeze.use_log AS l
		JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id
		ORDER BY l.consumer, l.kind, n.name, n.key, l.at DESC, l.seq DESC, n.version DESC) AS u;
COMMENT ON VIEW normfreeze.uses IS 'the version of each name that each consumer uses now, and whether it is in a stage or retired';

-- step orders what is of one moment
CREATE VIEW normfreeze.events AS
	SELECT v.name, v.frozen_at AS at, 'frozen' AS event, v.version, NULL::pg_catalog.text COLLATE "C" AS key, v.scaler_id,
		NULL::pg_catalog.text COLLATE "C" AS stage, NULL::pg_catalog.text COLLATE "C" AS consumer,
		v.frozen_by AS who, v.frozen_session_user AS who_session_user, v.note AS detail, 1 AS step, v.version AS seq
	FROM normfreeze.versions AS v
	WHERE v.origin IS NULL OR v.origin OPERATOR(pg_catalog.?) 'mirrored_at'
	UNION ALL
	SELECT v.name,
		-- of a mirrored row the columns are those of the other side; what is no time is none of ours
		COALESCE(normfreeze.json_time(v.origin, 'mirrored_at'), v.frozen_at),
		'imported', v.version, NULL, v.scaler_id, NULL, NULL,
		COALESCE(v.origin OPERATOR(pg_catalog.->>) 'mirrored_by', v.frozen_by),
		COALESCE(v.origin OPERATOR(pg_catalog.->>) 'mirrored_session_user', v.frozen_session_user),
		pg_catalog.format('from version %s of "%s" in database "%s"', v.origin OPERATOR(pg_catalog.->>) 'version',
			v.origin OPERATOR(pg_catalog.->>) 'name', v.origin OPERATOR(pg_catalog.->>) 'database')
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) v.note, ''),
		2, v.version
	FROM normfreeze.versions AS v
	WHERE v.origin IS NOT NULL
	UNION ALL
	SELECT l.name, l.at,
		CASE l.action WHEN 'promote' THEN 'promoted' WHEN 'rollback' THEN 'rolled back' WHEN 'demote' THEN 'demoted' ELSE 'retired' END,
		l.version, NULL, v.scaler_id, l.stage, NULL, l.changed_by, l.changed_session_user,
		CASE WHEN l.origin IS NULL THEN l.note
			ELSE pg_catalog.format('imported from "%s" in database "%s"', l.origin OPERATOR(pg_catalog.->>) 'name',
				l.origin OPERATOR(pg_catalog.->>) 'database')
				OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) l.note, '') END,
		3, l.seq
	FROM normfreeze.stage_log AS l
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) l.name AND v.version OPERATOR(pg_catalog.=) l.version
	UNION ALL
	SELECT u.name, u.at, 'used', u.version, u.key, u.scaler_id, NULL, u.consumer, u.registered_by, u.registered_session_user,
		u.kind COLLATE pg_catalog."default" OPERATOR(pg_catalog.||)
			CASE WHEN u.before OPERATOR(pg_catalog.<>) u.version
				THEN pg_catalog.format('; it used version %s before', u.before) ELSE '' END
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) u.note, ''),
		4, u.seq
	FROM (SELECT n.name, l.at, n.version, n.key, l.scaler_id, l.consumer, l.kind, l.note, l.registered_by, l.registered_session_user, l.seq,
			pg_catalog.lag(n.version) OVER (PARTITION BY n.name, n.key, l.consumer, l.kind
				ORDER BY l.at, l.scaler_id, l.seq, n.version) AS before
		FROM normfreeze.use_log AS l
		JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id) AS u
	UNION ALL
	SELECT n.name, l.at, 'drift', n.version, n.key, l.scaler_id, NULL, NULL, l.recorded_by, l.recorded_session_user,
		pg_catalog.format('%s, %s rows', COALESCE(l.verdict, 'too few rows to tell') COLLATE pg_catalog."default", l.live_rows)
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) l.label, ''),
		5, l.seq
	FROM normfreeze.drift_log AS l
	JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id
	UNION ALL
	-- a set has an entry for each of its profiles
	SELECT v.name, l.at, 'purged', v.version, NULL, l.scaler_id, NULL, NULL, l.purged_by, l.purged_session_user,
		CASE WHEN l.profiles OPERATOR(pg_catalog.>) 1 THEN pg_catalog.format('%s profiles; ', l.profiles) ELSE '' END
			OPERATOR(pg_catalog.||) l.reason,
		6, 1
	FROM normfreeze.versions AS v
	CROSS JOIN LATERAL (SELECT p.scaler_id, p.at, p.purged_by, p.purged_session_user, p.reason, pg_catalog.count(*) AS profiles
		FROM normfreeze.purge_log AS p WHERE p.scaler_id OPERATOR(pg_catalog.=) v.scaler_id
		GROUP BY p.scaler_id, p.at, p.purged_by, p.purged_session_user, p.reason) AS l;
COMMENT ON VIEW normfreeze.events IS 'what happened to every name: versions, stages, consumers, drift and purges';

CREATE FUNCTION normfreeze.lineage(name text) RETURNS TABLE (
	at timestamptz, event text, version integer, scaler_id bigint, stage text, key text, consumer text,
	who text, who_session_user text, detail text
)
	AS 'MODULE_PATHNAME', 'lineage' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.lineage(text) IS 'what happened to a name, in the order of time: versions, stages, consumers, drift and purges';

-- an entry of the stage log is in force until the first time of a later one, as in scaler_id(name, stage, as_of)
CREATE FUNCTION normfreeze.stage_as_of(scaler_id bigint, at timestamptz) RETURNS TABLE (
	name text, version integer, key text, state text, stage text, since timestamptz, until timestamptz,
	rolled_back_at timestamptz, demoted_at timestamptz, retired_at timestamptz
)
	-- not STRICT, so that it becomes a part of the query that calls it
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
	BEGIN ATOMIC
		SELECT n.name, n.version, n.key,
			CASE WHEN r.retired_at OPERATOR(pg_catalog.<=) stage_as_of.at THEN 'retired'
				WHEN l.stage IS NOT NULL THEN 'in stage'
				WHEN n.frozen_at OPERATOR(pg_catalog.>) stage_as_of.at THEN 'not frozen yet'
				ELSE 'in no stage' END,
			l.stage, l.at,
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.seq OPERATOR(pg_catalog.>) l.seq),
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.seq OPERATOR(pg_catalog.>) l.seq AND e.action OPERATOR(pg_catalog.=) 'rollback'
					AND n.version OPERATOR(pg_catalog.=) (
						SELECT CASE WHEN b.action OPERATOR(pg_catalog.<>) 'demote' THEN b.version END FROM normfreeze.stage_log AS b
						WHERE b.name OPERATOR(pg_catalog.=) e.name AND b.stage OPERATOR(pg_catalog.=) e.stage
							AND b.seq OPERATOR(pg_catalog.<) e.seq ORDER BY b.seq DESC LIMIT 1)),
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.version OPERATOR(pg_catalog.=) n.version
					AND e.seq OPERATOR(pg_catalog.>) l.seq AND e.action OPERATOR(pg_catalog.=) 'demote'),
			r.retired_at
		FROM normfreeze.named_scalers AS n
		LEFT JOIN LATERAL (
			SELECT pg_catalog.min(e.at) AS retired_at FROM normfreeze.stage_log AS e
			WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.version OPERATOR(pg_catalog.=) n.version
				AND e.action OPERATOR(pg_catalog.=) 'retire') AS r ON true
		LEFT JOIN LATERAL (
			-- of each stage that it ever was in, the entry that is in force
			SELECT c.stage, c.seq, c.at
			FROM (SELECT DISTINCT e.stage FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.version OPERATOR(pg_catalog.=) n.version AND e.stage IS NOT NULL) AS d
			CROSS JOIN LATERAL (SELECT e.stage, e.seq, e.at, e.version, e.action FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) d.stage
					AND e.at OPERATOR(pg_catalog.<=) stage_as_of.at
				ORDER BY e.seq DESC LIMIT 1) AS c
			WHERE c.version OPERATOR(pg_catalog.=) n.version AND c.action OPERATOR(pg_catalog.<>) 'demote') AS l ON true
		WHERE n.scaler_id OPERATOR(pg_catalog.=) stage_as_of.scaler_id AND stage_as_of.at IS NOT NULL
		ORDER BY n.name, n.version, n.key, l.stage;
	END;
COMMENT ON FUNCTION normfreeze.stage_as_of(bigint, timestamptz) IS 'in which stages of which names a scaler was at a time, whether it was retired, and what became of it';

CREATE FUNCTION normfreeze.stage_as_of(ref text, at timestamptz) RETURNS TABLE (
	name text, version integer, key text, state text, stage text, since timestamptz, until timestamptz,
	rolled_back_at timestamptz, demoted_at timestamptz, retired_at timestamptz
)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
	BEGIN ATOMIC
		SELECT * FROM normfreeze.stage_as_of(normfreeze.scaler_id(stage_as_of.ref), stage_as_of.at);
	END;
COMMENT ON FUNCTION normfreeze.stage_as_of(text, timestamptz) IS 'the same by a ref';

REVOKE EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.register_use(text, text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.register_use(text, text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.use_log, normfreeze.purge_log TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.named_scalers, normfreeze.uses, normfreeze.events TO @extowner@ WITH GRANT OPTION;
