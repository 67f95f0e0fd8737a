-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION normfreeze UPDATE TO '0.2.0'" to load this file. \quit

-- What src/sql/prologue.sql says of these holds here.
SELECT pg_catalog.set_config('normfreeze_script.' OPERATOR(pg_catalog.||) s.name, pg_catalog.current_setting(s.name), true)
FROM pg_catalog.unnest('{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers,role}'::pg_catalog.text[]) AS s (name);
SET LOCAL default_table_access_method = heap;
SET LOCAL default_tablespace = '';
SET LOCAL transform_null_equals = off;
SET LOCAL quote_all_identifiers = off;

-- What a superuser makes here belongs to whom the other objects belong to.
SELECT pg_catalog.set_config('role', o.rolname, true)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_roles AS o ON o.oid OPERATOR(pg_catalog.=) c.relowner
WHERE c.oid OPERATOR(pg_catalog.=) 'normfreeze.scalers'::pg_catalog.regclass AND o.rolsuper
	AND o.rolname OPERATOR(pg_catalog.<>) current_user AND pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on';

CREATE FUNCTION normfreeze.require_library(version text) RETURNS void
	AS 'MODULE_PATHNAME', 'require_library' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.require_library(text) IS 'fail if the library of this session is older than this version';
REVOKE EXECUTE ON FUNCTION normfreeze.require_library(text) FROM PUBLIC;
SELECT normfreeze.require_library('0.2.0');

CREATE FUNCTION normfreeze.grant_to_owner(privileges text) RETURNS void
	AS 'MODULE_PATHNAME', 'grant_to_owner' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.grant_to_owner(text) IS 'grant to the owner of the extension, in a script that updates it';
REVOKE EXECUTE ON FUNCTION normfreeze.grant_to_owner(text) FROM PUBLIC;

CREATE FUNCTION normfreeze.give_to_owner() RETURNS void
	AS 'MODULE_PATHNAME', 'give_to_owner' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.give_to_owner() IS 'give what a script of the extension has made to the owner of the registry, and the event trigger to the bootstrap superuser';
REVOKE EXECUTE ON FUNCTION normfreeze.give_to_owner() FROM PUBLIC;

-- removal: what was frozen is not lost by a DROP that does not mean it
CREATE FUNCTION normfreeze.refuse_removal() RETURNS event_trigger
	AS 'MODULE_PATHNAME', 'refuse_removal' LANGUAGE C;

COMMENT ON FUNCTION normfreeze.refuse_removal() IS 'event trigger function that refuses to drop the extension, unless by CASCADE, while there are frozen scalers';

CREATE EVENT TRIGGER normfreeze_refuse_removal ON ddl_command_start
	WHEN TAG IN ('DROP EXTENSION', 'DROP OWNED')
	EXECUTE FUNCTION normfreeze.refuse_removal();

ALTER EVENT TRIGGER normfreeze_refuse_removal ENABLE ALWAYS;

COMMENT ON EVENT TRIGGER normfreeze_refuse_removal IS 'keeps what was frozen from a DROP EXTENSION or DROP OWNED that does not say CASCADE';

CREATE OR REPLACE VIEW normfreeze.guards AS
	SELECT g.relname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) g.tgname AS guard,
		COALESCE(t.enabled OPERATOR(pg_catalog.=) 'A', false) AS in_force,
		-- the statement that puts it back: what repair() runs
		CASE WHEN t.enabled IS NULL
			THEN pg_catalog.format('DROP TRIGGER IF EXISTS %2$I ON normfreeze.%1$I; CREATE TRIGGER %2$I BEFORE %3$s ON normfreeze.%1$I FOR EACH %4$s EXECUTE FUNCTION normfreeze.refuse_change(); ',
				g.relname, g.tgname, CASE g.tgtype WHEN 27 THEN 'UPDATE OR DELETE' ELSE 'TRUNCATE' END,
				CASE g.tgtype WHEN 27 THEN 'ROW' ELSE 'STATEMENT' END)
			ELSE '' END
			OPERATOR(pg_catalog.||) pg_catalog.format('ALTER TABLE normfreeze.%I ENABLE ALWAYS TRIGGER %I', g.relname, g.tgname) AS repair
	-- tgtype: 27 is BEFORE UPDATE OR DELETE FOR EACH ROW, 34 is BEFORE TRUNCATE FOR EACH STATEMENT
	FROM (VALUES
		('scalers', 'refuse_change', 27), ('scalers', 'refuse_truncate', 34),
		('profiles', 'refuse_change', 27), ('profiles', 'refuse_truncate', 34),
		('versions', 'refuse_change', 27), ('versions', 'refuse_truncate', 34),
		('stage_log', 'refuse_change', 27), ('stage_log', 'refuse_truncate', 34),
		('members', 'refuse_change', 27), ('members', 'refuse_truncate', 34),
		('stage_access_log', 'refuse_change', 27), ('stage_access_log', 'refuse_truncate', 34),
		('drift_log', 'refuse_change', 27), ('drift_log', 'refuse_truncate', 34),
		('use_log', 'refuse_change', 27), ('use_log', 'refuse_truncate', 34),
		('purge_log', 'refuse_change', 27), ('purge_log', 'refuse_truncate', 34),
		('archive_log', 'refuse_change', 27), ('archive_log', 'refuse_truncate', 34)
	) AS g (relname, tgname, tgtype)
	LEFT JOIN pg_catalog.pg_class AS c ON c.relname OPERATOR(pg_catalog.=) g.relname
		AND c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
	LEFT JOIN LATERAL (
		SELECT x.tgenabled AS enabled
		FROM pg_catalog.pg_trigger AS x
		WHERE x.tgrelid OPERATOR(pg_catalog.=) c.oid AND x.tgname OPERATOR(pg_catalog.=) g.tgname
			AND x.tgfoid OPERATOR(pg_catalog.=) 'normfreeze.refuse_change()'::pg_catalog.regprocedure
			AND x.tgqual IS NULL AND x.tgtype OPERATOR(pg_catalog.=) g.tgtype AND x.tgnargs OPERATOR(pg_catalog.=) 0
			AND x.tgattr::pg_catalog.text OPERATOR(pg_catalog.=) '') AS t ON true
	UNION ALL
	SELECT k.relname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) k.conname,
		COALESCE(t.convalidated AND t.definition OPERATOR(pg_catalog.=) k.definition, false),
		CASE WHEN t.definition OPERATOR(pg_catalog.=) (k.definition OPERATOR(pg_catalog.||) ' NOT VALID')
			THEN pg_catalog.format('ALTER TABLE normfreeze.%I VALIDATE CONSTRAINT %I', k.relname, k.conname)
			ELSE pg_catalog.format('ALTER TABLE normfreeze.%1$I DROP CONSTRAINT IF EXISTS %2$I, ADD CONSTRAINT %2$I %3$s', k.relname, k.conname, k.definition)
			END
	FROM (VALUES
		('scalers', 'scalers_fingerprint_key', 'UNIQUE (fingerprint)'),
		('scalers', 'scalers_pkey', 'PRIMARY KEY (scaler_id)'),
		('scalers', 'scalers_content', 'CHECK (normfreeze.is_content(scaler_id, fingerprint, scaler))'),
		('profiles', 'profiles_pkey', 'PRIMARY KEY (digest)'),
		('profiles', 'profiles_content', 'CHECK ((digest = normfreeze.profile_digest(profile)))'),
		('versions', 'versions_scaler_id_key', 'UNIQUE (name, scaler_id)'),
		('versions', 'versions_pkey', 'PRIMARY KEY (name, version)'),
		('versions', 'versions_name',
			'CHECK (((octet_length(name) > 0) AND (octet_length(name) <= 200) AND (strpos(name, ''@''::text) = 0) AND (NOT starts_with(name, ''sha256:''::text))))'),
		('versions', 'versions_version', 'CHECK ((version > 0))'),
		('stage_log', 'stage_log_pkey', 'PRIMARY KEY (name, seq)'),
		('stage_log', 'stage_log_action',
			'CHECK ((((action = ''retire''::text) AND (stage IS NULL)) OR ((action = ''promote''::text) AND (stage IS NOT NULL)) OR ((action = ''rollback''::text) AND (stage IS NOT NULL)) OR ((action = ''demote''::text) AND (stage IS NOT NULL))))'),
		('stage_log', 'stage_log_seq', 'CHECK ((seq > 0))'),
		('stage_log', 'stage_log_stage',
			'CHECK (((octet_length(stage) > 0) AND (octet_length(stage) <= 200) AND (strpos(stage, ''@''::text) = 0) AND (stage <> ''latest''::text) AND (stage !~ ''^v[0-9]+$''::text)))'),
		('members', 'members_pkey', 'PRIMARY KEY (set_id, key)'),
		('members', 'members_position_key', 'UNIQUE (set_id, "position")'),
		('members', 'members_key', 'CHECK (((octet_length(key) > 0) AND (octet_length(key) <= 1024)))'),
		('members', 'members_position', 'CHECK (("position" > 0))'),
		('members', 'members_proof', 'CHECK ((((octet_length(proof) % 32) = 0) AND (octet_length(proof) <= 1024)))'),
		('stage_access_log', 'stage_access_log_pkey', 'PRIMARY KEY (stage, seq)'),
		('stage_access_log', 'stage_access_log_seq', 'CHECK ((seq > 0))'),
		('stage_access_log', 'stage_access_log_role', 'CHECK ((role <> ''''::text))'),
		('stage_access_log', 'stage_access_log_action', 'CHECK (((action = ''allow''::text) OR (action = ''disallow''::text)))'),
		('drift_log', 'drift_log_pkey', 'PRIMARY KEY (scaler_id, seq)'),
		('drift_log', 'drift_log_seq', 'CHECK ((seq > 0))'),
		('drift_log', 'drift_log_features', 'CHECK ((jsonb_typeof(features) = ''array''::text))'),
		('drift_log', 'drift_log_known_verdict',
			'CHECK (((verdict = ''none''::text) OR (verdict = ''moderate''::text) OR (verdict = ''major''::text)))'),
		('drift_log', 'drift_log_verdict',
			'CHECK ((NOT (verdict IS DISTINCT FROM (normfreeze.worst_drift(features) ->> ''verdict''::text))))'),
		('drift_log', 'drift_log_live_digest', 'CHECK ((live_digest ~ ''^[0-9a-f]{64}$''::text))'),
		('use_log', 'use_log_pkey', 'PRIMARY KEY (scaler_id, seq)'),
		('use_log', 'use_log_seq', 'CHECK ((seq > 0))'),
		('use_log', 'use_log_consumer', 'CHECK (((octet_length(consumer) > 0) AND (octet_length(consumer) <= 200)))'),
		('use_log', 'use_log_kind', 'CHECK (((octet_length(kind) > 0) AND (octet_length(kind) <= 200)))'),
		('purge_log', 'purge_log_pkey', 'PRIMARY KEY (digest, seq)'),
		('purge_log', 'purge_log_seq', 'CHECK ((seq > 0))'),
		('purge_log', 'purge_log_digest', 'CHECK ((digest ~ ''^[0-9a-f]{64}$''::text))'),
		('purge_log', 'purge_log_reason', 'CHECK ((reason <> ''''::text))'),
		('archive_log', 'archive_log_pkey', 'PRIMARY KEY (log, scaler_id, last_seq)'),
		('archive_log', 'archive_log_log', 'CHECK (((log = ''drift_log''::text) OR (log = ''use_log''::text)))'),
		('archive_log', 'archive_log_seq', 'CHECK (((first_seq > 0) AND (first_seq <= last_seq) AND (last_seq < newest_seq)))'),
		('archive_log', 'archive_log_sha256', 'CHECK ((sha256 ~ ''^[0-9a-f]{64}$''::text))')
	) AS k (relname, conname, definition)
	LEFT JOIN pg_catalog.pg_class AS c ON c.relname OPERATOR(pg_catalog.=) k.relname
		AND c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
	LEFT JOIN LATERAL (
		SELECT x.convalidated, normfreeze.constraint_definition(x.oid) AS definition
		FROM pg_catalog.pg_constraint AS x
		WHERE x.conrelid OPERATOR(pg_catalog.=) c.oid AND x.conname OPERATOR(pg_catalog.=) k.conname) AS t ON true
	UNION ALL
	-- relhasrules would stay true after DROP RULE, until VACUUM
	SELECT c.relname OPERATOR(pg_catalog.||) ' without rules',
		NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid),
		(SELECT pg_catalog.string_agg(pg_catalog.format('DROP RULE %I ON normfreeze.%I', r.rulename, c.relname), '; ')
			FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid)
	FROM pg_catalog.pg_class AS c
	WHERE c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
		AND c.relkind OPERATOR(pg_catalog.=) 'r'
	UNION ALL
	-- policies are the site's, but the owner, who numbers versions, must see every row
	SELECT c.relname OPERATOR(pg_catalog.||) ' without forced row security', NOT c.relforcerowsecurity,
		pg_catalog.format('ALTER TABLE normfreeze.%I NO FORCE ROW LEVEL SECURITY', c.relname)
	FROM pg_catalog.pg_class AS c
	WHERE c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
		AND c.relkind OPERATOR(pg_catalog.=) 'r'
	UNION ALL
	SELECT 'event trigger ' OPERATOR(pg_catalog.||) g.evtname,
		COALESCE((
			SELECT t.evtenabled OPERATOR(pg_catalog.=) 'A' AND t.evtevent OPERATOR(pg_catalog.=) 'ddl_command_start'
				AND (t.evttags IS NULL OR t.evttags OPERATOR(pg_catalog.@>) ARRAY['DROP EXTENSION', 'DROP OWNED'])
				-- only superusers can own one, and whom the extension is given to need not be one
				AND t.evtowner OPERATOR(pg_catalog.=) 10
			FROM pg_catalog.pg_event_trigger AS t
			WHERE t.evtname OPERATOR(pg_catalog.=) g.evtname
				AND t.evtfoid OPERATOR(pg_catalog.=) 'normfreeze.refuse_removal()'::pg_catalog.regprocedure
		), false),
		CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_event_trigger AS t WHERE t.evtname OPERATOR(pg_catalog.=) g.evtname)
			THEN '' ELSE pg_catalog.format('CREATE EVENT TRIGGER %1$I ON ddl_command_start WHEN TAG IN (%2$L, %3$L) EXECUTE FUNCTION normfreeze.refuse_removal(); ALTER EXTENSION normfreeze ADD EVENT TRIGGER %1$I; ',
				g.evtname, 'DROP EXTENSION', 'DROP OWNED') END
			OPERATOR(pg_catalog.||) pg_catalog.format('ALTER EVENT TRIGGER %1$I ENABLE ALWAYS; ALTER EVENT TRIGGER %1$I OWNER TO %2$I', g.evtname,
				pg_catalog.pg_get_userbyid(10))
	FROM (VALUES ('normfreeze_refuse_removal')) AS g (evtname);

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
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer)');
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.archive_use_log(timestamptz, text, integer)');
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.archive_digest_step(bytea, text)');
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.archive_digest_final(bytea)');
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.archive_digest(text)');
SELECT normfreeze.grant_to_owner('EXECUTE ON FUNCTION normfreeze.verify_archive(regclass, text)');
SELECT normfreeze.grant_to_owner('SELECT, INSERT ON normfreeze.archive_log');

-- whatever is looked up is found by an index, however long the logs are
DROP INDEX normfreeze.versions_scaler_id_idx;
CREATE INDEX versions_scaler_id_idx ON normfreeze.versions (scaler_id, frozen_at);
CREATE INDEX versions_frozen_at_idx ON normfreeze.versions (frozen_at, scaler_id);
CREATE INDEX stage_log_version_idx ON normfreeze.stage_log (name, version, action);
CREATE INDEX stage_log_names_idx ON normfreeze.stage_log (stage, name, seq);
CREATE INDEX scalers_digest_idx ON normfreeze.scalers ((normfreeze.digest_of(scaler) COLLATE "C"));
ALTER INDEX normfreeze.scalers_digest_idx ALTER COLUMN 1 SET STATISTICS 0;
DROP INDEX normfreeze.use_log_consumer_idx;
CREATE INDEX use_log_consumer_idx ON normfreeze.use_log (consumer, kind, at, scaler_id, seq);
CREATE INDEX use_log_scaler_idx ON normfreeze.use_log (scaler_id, consumer, kind);
CREATE INDEX drift_log_verdict_idx ON normfreeze.drift_log (scaler_id, seq) WHERE verdict IS NOT NULL;
CREATE INDEX drift_log_label_idx ON normfreeze.drift_log (scaler_id, (pg_catalog."left"(label, 200) COLLATE "C"), seq);
ALTER INDEX normfreeze.drift_log_label_idx ALTER COLUMN 2 SET STATISTICS 0;

-- step orders what is of one moment
CREATE OR REPLACE VIEW normfreeze.events AS
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

CREATE OR REPLACE VIEW normfreeze.stage_history AS
	SELECT h.name, h.stage, h.version, v.scaler_id, h.valid_from, h.valid_to,
		h.changed_by AS by, h.changed_session_user AS by_session_user, h.action, h.note, h.seq,
		(SELECT pg_catalog.min(r.at) FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) h.name AND r.version OPERATOR(pg_catalog.=) h.version
				AND r.action OPERATOR(pg_catalog.=) 'retire') AS retired_at
	FROM (SELECT l.name, l.stage, l.version, l.at AS valid_from, l.changed_by, l.changed_session_user,
			l.action, l.note, l.seq,
			-- of the entries behind it; a frame that begins anew for every row would take time by the square
			pg_catalog.min(l.at) OVER (PARTITION BY l.name, l.stage ORDER BY l.seq DESC
				ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS valid_to
		FROM normfreeze.stage_log AS l WHERE l.stage IS NOT NULL) AS h
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) h.name AND v.version OPERATOR(pg_catalog.=) h.version
	WHERE h.action OPERATOR(pg_catalog.<>) 'demote'
		AND (h.valid_to IS NULL OR h.valid_from OPERATOR(pg_catalog.<) h.valid_to);

CREATE OR REPLACE FUNCTION normfreeze.stage_as_of(scaler_id bigint, at timestamptz) RETURNS TABLE (
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
-- what a function in SQL gets, auto_explain logs
CREATE OR REPLACE FUNCTION normfreeze.drift(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift_of_ref' LANGUAGE C STABLE PARALLEL SAFE;

CREATE OR REPLACE FUNCTION normfreeze.drift_bins(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins_of_ref' LANGUAGE C STABLE PARALLEL SAFE;

CREATE OR REPLACE FUNCTION normfreeze.worst_drift(features jsonb) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'worst_drift' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- what the install script granted is what PostgreSQL has recorded of it (pg_init_privs): there is no other list
CREATE VIEW normfreeze.privilege_faults AS
	WITH members AS (
		SELECT d.classid AS catalog, d.objid AS id, e.extowner, pg_catalog.pg_get_userbyid(e.extowner) AS rolname
		FROM pg_catalog.pg_extension AS e
		JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) e.oid
			AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype OPERATOR(pg_catalog.=) 'e'
		WHERE e.extname OPERATOR(pg_catalog.=) 'normfreeze'
	), objects AS (
		SELECT 'FUNCTION' AS kind, m.catalog, m.id, m.extowner, m.rolname,
			pg_catalog.format('normfreeze.%I(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name,
			p.proowner AS owner, COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner)) AS acl
		FROM members AS m JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
		UNION ALL
		SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, m.catalog, m.id, m.extowner, m.rolname,
			pg_catalog.format('normfreeze.%I', c.relname), c.relowner, COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))
		FROM members AS m JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
			AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'v']::"char"[])
		UNION ALL
		SELECT 'SCHEMA', m.catalog, m.id, m.extowner, m.rolname,
			n.nspname, n.nspowner, COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
		FROM members AS m JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
	), granted AS (
		-- the script grants with grant option to the owner of the extension alone, whoever that was
		SELECT o.kind, o.catalog, o.id, x.grantee OPERATOR(pg_catalog.=) 0 AS to_public, x.privilege_type AS privilege, x.is_grantable
		FROM objects AS o
		JOIN pg_catalog.pg_init_privs AS i ON i.objoid OPERATOR(pg_catalog.=) o.id
			AND i.classoid OPERATOR(pg_catalog.=) o.catalog AND i.objsubid OPERATOR(pg_catalog.=) 0
		CROSS JOIN LATERAL pg_catalog.aclexplode(i.initprivs) AS x
	), held AS (
		SELECT o.kind, o.catalog, o.id, o.name, '' AS columns, x.grantee, x.privilege_type AS privilege, o.owner
		FROM objects AS o CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) AS x
		UNION ALL
		SELECT o.kind, o.catalog, o.id, o.name, pg_catalog.format(' (%I)', a.attname), x.grantee, x.privilege_type, o.owner
		FROM objects AS o
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) o.id AND NOT a.attisdropped
		CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS x
		WHERE o.kind OPERATOR(pg_catalog.=) 'TABLE'
	)
	SELECT pg_catalog.format('%s lacks %s on %s', o.rolname, m.privileges, o.name) AS fault,
		pg_catalog.format('GRANT %s ON %s %s TO %I WITH GRANT OPTION', m.privileges,
			CASE o.kind WHEN 'VIEW' THEN 'TABLE' ELSE o.kind END, o.name, o.rolname) AS repair
	FROM objects AS o
	CROSS JOIN LATERAL (
		SELECT pg_catalog.string_agg(g.privilege, ', ' ORDER BY g.privilege) AS privileges
		FROM (SELECT DISTINCT t.privilege FROM granted AS t
			WHERE t.id OPERATOR(pg_catalog.=) o.id AND t.catalog OPERATOR(pg_catalog.=) o.catalog AND t.is_grantable) AS g
		WHERE NOT CASE o.kind WHEN 'FUNCTION' THEN pg_catalog.has_function_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION')
			WHEN 'SCHEMA' THEN pg_catalog.has_schema_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION')
			ELSE pg_catalog.has_table_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION') END
	) AS m
	WHERE m.privileges IS NOT NULL
	UNION ALL
	-- what the script has taken from PUBLIC, what would change the registry or run in its owner's name, and new objects with our names
	SELECT pg_catalog.format('%s has %s%s on %s', w.grantee, h.privilege, h.columns, h.name),
		pg_catalog.format('REVOKE %s%s ON %s %s FROM %s CASCADE', h.privilege, h.columns, h.kind, h.name, w.grantee)
	FROM held AS h
	CROSS JOIN LATERAL (
		SELECT CASE h.grantee WHEN 0 THEN 'PUBLIC' ELSE h.grantee::pg_catalog.regrole::pg_catalog.text END AS grantee) AS w
	WHERE h.grantee OPERATOR(pg_catalog.<>) h.owner
		AND CASE h.kind
			WHEN 'TABLE' THEN h.privilege OPERATOR(pg_catalog.=) ANY (ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'])
			WHEN 'SCHEMA' THEN h.privilege OPERATOR(pg_catalog.=) 'CREATE'
			WHEN 'FUNCTION' THEN h.grantee OPERATOR(pg_catalog.=) 0
				AND EXISTS (SELECT 1 FROM granted AS g WHERE g.id OPERATOR(pg_catalog.=) h.id AND g.catalog OPERATOR(pg_catalog.=) h.catalog)
				AND NOT EXISTS (SELECT 1 FROM granted AS g
					WHERE g.id OPERATOR(pg_catalog.=) h.id AND g.catalog OPERATOR(pg_catalog.=) h.catalog AND g.to_public)
			ELSE false END
	UNION ALL
	SELECT pg_catalog.format('%s is owned by %s, and the other tables by %s', o.name, o.owner::pg_catalog.regrole, s.relowner::pg_catalog.regrole),
		pg_catalog.format('ALTER %s %s OWNER TO %s', o.kind, o.name, s.relowner::pg_catalog.regrole)
	FROM objects AS o
	JOIN pg_catalog.pg_class AS s ON s.oid OPERATOR(pg_catalog.=) 'normfreeze.scalers'::pg_catalog.regclass::pg_catalog.oid
	WHERE o.kind OPERATOR(pg_catalog.<>) 'FUNCTION' AND o.owner OPERATOR(pg_catalog.<>) s.relowner;

COMMENT ON VIEW normfreeze.privilege_faults IS 'privileges on the registry that are missing or too much, and the statement that mends each';

CREATE FUNCTION normfreeze.repair(dry_run boolean DEFAULT false) RETURNS TABLE (problem text, repaired boolean, detail text)
	AS 'MODULE_PATHNAME', 'repair' LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION normfreeze.repair(boolean) IS 'put back the guards and privileges that the extension was installed with; a row for each that was not in force';

SELECT normfreeze.grant_to_owner('SELECT ON normfreeze.privilege_faults');

CREATE FUNCTION normfreeze.from_parameters(parameters jsonb, options jsonb DEFAULT '{}') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_parameters(jsonb, jsonb) IS 'parameters as they lie in files, with the arithmetic of the code beside them';

CREATE FUNCTION normfreeze.to_pmml(scaler normfreeze.scaler, verification boolean) RETURNS xml
	AS 'MODULE_PATHNAME', 'to_pmml_verified' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_pmml(normfreeze.scaler, boolean) IS 'a PMML document whose outputs are what normalize() gives, with the probes as its ModelVerification';

CREATE FUNCTION normfreeze.to_pmml(scaler_id bigint, verification boolean) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(scaler_id), verification);
COMMENT ON FUNCTION normfreeze.to_pmml(bigint, boolean) IS 'a PMML document with its ModelVerification, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_pmml(ref text, verification boolean) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(normfreeze.scaler_id(ref)), verification);
COMMENT ON FUNCTION normfreeze.to_pmml(text, boolean) IS 'a PMML document with its ModelVerification, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb, double precision) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile(features double precision[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(double precision[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features double precision[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(double precision[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features double precision[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(double precision[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features real[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(real[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features real[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(real[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features real[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(real[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features smallint[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(smallint[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features smallint[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(smallint[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features smallint[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(smallint[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features integer[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(integer[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features integer[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(integer[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features integer[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(integer[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features bigint[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(bigint[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features bigint[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(bigint[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features bigint[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(bigint[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features numeric[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(numeric[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features numeric[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(numeric[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features numeric[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(numeric[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile("row" record, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(record, double precision) IS 'what these columns of rows looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile("row" record, options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(record, jsonb) IS 'what these columns of rows looked like, with options';

CREATE AGGREGATE normfreeze.profile("row" record, options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile(record, jsonb, double precision) IS 'what these columns of rows looked like, with options and a weight for each row';

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

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile_columns(record, double precision, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, options jsonb, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile_columns(record, jsonb, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_options_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;

COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, options jsonb, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);

COMMENT ON AGGREGATE normfreeze.profile_columns(record, jsonb, double precision, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

-- an integer is an id, never a weight, which is double precision
CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, integer) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile(features double precision[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features real[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features smallint[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features integer[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features bigint[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features numeric[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile("row" record, scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, integer) IS 'what the features of this scaler looked like in rows, by an id of few digits';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, integer, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, integer, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, scaler_id integer, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, integer, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation regclass, alias text DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_table' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what a scaler does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation regclass, alias text DEFAULT NULL) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(scaler_id), relation, alias);
COMMENT ON FUNCTION normfreeze.to_sql(bigint, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what the frozen scaler of an id does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql(ref text, relation regclass, alias text DEFAULT NULL) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(normfreeze.scaler_id(ref)), relation, alias);
COMMENT ON FUNCTION normfreeze.to_sql(text, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what the frozen scaler that a ref means does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation text, dialect text, key text) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_set' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, text, text, text) IS 'a SELECT list for another system''s SQL that computes what a set of scalers does, by the key in a column';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation text, dialect text, key text) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_set_id' LANGUAGE C STABLE PARALLEL SAFE;

COMMENT ON FUNCTION normfreeze.to_sql(bigint, text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen set of an id does, by the key in a column';

CREATE FUNCTION normfreeze.to_sql(ref text, relation text, dialect text, key text) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler_id(ref), relation, dialect, key);

COMMENT ON FUNCTION normfreeze.to_sql(text, text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen set that a ref means does, by the key in a column';

CREATE OR REPLACE FUNCTION normfreeze.to_sql_check(scaler_id bigint, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_check_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE OR REPLACE FUNCTION normfreeze.to_sql_check(ref text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql_check(normfreeze.scaler_id(ref), dialect);

-- nothing here uses these: the transaction that adds a label cannot
ALTER TYPE normfreeze.method ADD VALUE 'log';
ALTER TYPE normfreeze.method ADD VALUE 'log2';
ALTER TYPE normfreeze.method ADD VALUE 'log10';
ALTER TYPE normfreeze.method ADD VALUE 'sqrt';
ALTER TYPE normfreeze.method ADD VALUE 'cbrt';
ALTER TYPE normfreeze.method ADD VALUE 'square';
ALTER TYPE normfreeze.method ADD VALUE 'asinh';
ALTER TYPE normfreeze.method ADD VALUE 'logit';
ALTER TYPE normfreeze.method ADD VALUE 'reciprocal';
ALTER TYPE normfreeze.method ADD VALUE 'expm1';

-- what lies outside of the range of a scaler
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

CREATE OR REPLACE VIEW normfreeze.drift_history AS
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

COMMENT ON FUNCTION normfreeze.from_onnx(bytea) IS 'the scaler that an ONNX model is: of to_onnx(), if it is still what that writes, or of others, if it consists of scalers';

-- fit_table() with weights
CREATE FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb, double precision) (
	SFUNC = normfreeze.scan_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb, double precision) IS 'the first pass of fit_table(): the profile that the fit has, with a weight for each row';

CREATE FUNCTION normfreeze.gather_transition(internal, record, bytea, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_transition(internal, record, bytea, double precision) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.gather(record, bytea, double precision) (
	SFUNC = normfreeze.gather_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather(record, bytea, double precision) IS 'a later pass of fit_table(): what its plan asks for, with a weight for each row';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method, options jsonb, weight text) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table_weight' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method, jsonb, text) IS 'fit a scaler to a table or view, in parallel even inside freeze(), with options and a column of weights';

CREATE FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan_columns("row" record, method normfreeze.method, options jsonb, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.scan_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan_columns(record, normfreeze.method, jsonb, double precision, text[], "any") IS 'the columns of rows: what the planner makes of scan()';

CREATE FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, double precision, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.gather_columns(record, bytea, double precision, text[], VARIADIC "any") (
	SFUNC = normfreeze.gather_columns_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather_columns(record, bytea, double precision, text[], "any") IS 'the columns of rows: what the planner makes of gather()';

-- This stays last: whose the new objects are, and what the head has set, for the rest of the caller's transaction.
SELECT normfreeze.give_to_owner();
SELECT pg_catalog.set_config(s.name, pg_catalog.current_setting('normfreeze_script.' OPERATOR(pg_catalog.||) s.name), true)
FROM pg_catalog.unnest('{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers,role}'::pg_catalog.text[]) AS s (name)
WHERE pg_catalog.current_setting(s.name) OPERATOR(pg_catalog.<>) pg_catalog.current_setting('normfreeze_script.' OPERATOR(pg_catalog.||) s.name);
