-- the registry

CREATE FUNCTION normfreeze.is_content(scaler_id bigint, fingerprint text, scaler normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'is_content' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.is_content(bigint, text, normfreeze.scaler) IS 'true for a bare scaler under its own id and fingerprint';

CREATE TABLE normfreeze.scalers (
	scaler_id bigint NOT NULL,
	fingerprint text COLLATE "C" NOT NULL,
	scaler normfreeze.scaler NOT NULL,
	probe_inputs double precision[] NOT NULL,
	probe_outputs double precision[] NOT NULL,
	CONSTRAINT scalers_pkey PRIMARY KEY (scaler_id),
	CONSTRAINT scalers_fingerprint_key UNIQUE (fingerprint),
	CONSTRAINT scalers_content CHECK (normfreeze.is_content(scaler_id, fingerprint, scaler))
);
COMMENT ON TABLE normfreeze.scalers IS 'frozen scalers by content: each stored once, whatever its names, and never changed';
COMMENT ON COLUMN normfreeze.scalers.scaler_id IS 'the first 63 bits of the fingerprint';
COMMENT ON COLUMN normfreeze.scalers.fingerprint IS 'SHA-256 of the recipe and of the digest of the profile';
COMMENT ON COLUMN normfreeze.scalers.scaler IS 'the scaler, bare';
COMMENT ON COLUMN normfreeze.scalers.probe_inputs IS 'inputs derived from the recipe, a row for each probe';
COMMENT ON COLUMN normfreeze.scalers.probe_outputs IS 'what the scaler made of them when it was frozen';

CREATE TABLE normfreeze.profiles (
	digest text COLLATE "C" NOT NULL,
	profile normfreeze.profile NOT NULL,
	CONSTRAINT profiles_pkey PRIMARY KEY (digest),
	CONSTRAINT profiles_content CHECK (digest OPERATOR(pg_catalog.=) normfreeze.profile_digest(profile))
);
-- or ANALYZE would copy small profiles into pg_statistic, where purge_profile() does not reach them
ALTER TABLE normfreeze.profiles ALTER COLUMN profile SET STATISTICS 0;
COMMENT ON TABLE normfreeze.profiles IS 'the evidence: what scalers were fitted on';
COMMENT ON COLUMN normfreeze.profiles.digest IS 'normfreeze.profile_digest(profile), which the scaler holds too';

CREATE TABLE normfreeze.versions (
	name text COLLATE "C" NOT NULL,
	version integer NOT NULL,
	scaler_id bigint NOT NULL,
	frozen_at timestamptz NOT NULL,
	frozen_by text NOT NULL,
	frozen_session_user text NOT NULL,
	note text,
	metadata jsonb NOT NULL,
	row_count bigint,
	server_version text NOT NULL,
	extension_version text NOT NULL,
	origin jsonb,
	evidence boolean NOT NULL DEFAULT false,
	CONSTRAINT versions_pkey PRIMARY KEY (name, version),
	CONSTRAINT versions_scaler_id_key UNIQUE (name, scaler_id),
	CONSTRAINT versions_version CHECK (version OPERATOR(pg_catalog.>) 0),
	CONSTRAINT versions_name CHECK (
		pg_catalog.octet_length(name) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.<=) 200
		AND pg_catalog.strpos(name, '@') OPERATOR(pg_catalog.=) 0
		AND NOT pg_catalog.starts_with(name, 'sha256:'))
);
COMMENT ON TABLE normfreeze.versions IS 'names and local version numbers of frozen scalers, with who froze them, when and why';
COMMENT ON COLUMN normfreeze.versions.version IS '1, 2, 3, ... for each name, in this database';
COMMENT ON COLUMN normfreeze.versions.frozen_by IS 'the current user, whose privileges froze it';
COMMENT ON COLUMN normfreeze.versions.frozen_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.versions.row_count IS 'rows the scaler was fitted on, if that is known';
COMMENT ON COLUMN normfreeze.versions.server_version IS 'PostgreSQL version of the server that froze it';
COMMENT ON COLUMN normfreeze.versions.extension_version IS 'normfreeze version that froze it';
COMMENT ON COLUMN normfreeze.versions.origin IS 'of an imported version: database, name and number there, who froze it there, and when';
COMMENT ON COLUMN normfreeze.versions.evidence IS 'whether its profile, or that of every member and the fallback, was stored here when this row was written';
CREATE INDEX versions_scaler_id_idx ON normfreeze.versions (scaler_id, frozen_at);
CREATE INDEX versions_frozen_at_idx ON normfreeze.versions (frozen_at, scaler_id);

CREATE TABLE normfreeze.stage_log (
	name text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	stage text COLLATE "C",
	version integer NOT NULL,
	action text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	changed_by text NOT NULL,
	changed_session_user text NOT NULL,
	note text,
	origin jsonb,
	CONSTRAINT stage_log_pkey PRIMARY KEY (name, seq),
	CONSTRAINT stage_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT stage_log_action CHECK (
		(action OPERATOR(pg_catalog.=) 'retire' AND stage IS NULL)
		OR (action OPERATOR(pg_catalog.=) 'promote' AND stage IS NOT NULL)
		OR (action OPERATOR(pg_catalog.=) 'rollback' AND stage IS NOT NULL)
		OR (action OPERATOR(pg_catalog.=) 'demote' AND stage IS NOT NULL)),
	CONSTRAINT stage_log_stage CHECK (
		pg_catalog.octet_length(stage) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(stage) OPERATOR(pg_catalog.<=) 200
		AND pg_catalog.strpos(stage, '@') OPERATOR(pg_catalog.=) 0
		AND stage OPERATOR(pg_catalog.<>) 'latest'
		AND stage OPERATOR(pg_catalog.!~) '^v[0-9]+$')
);
COMMENT ON TABLE normfreeze.stage_log IS 'which version of a name entered or left which stage when: the last entry of a stage is its state';
COMMENT ON COLUMN normfreeze.stage_log.seq IS '1, 2, 3, ... for each name';
COMMENT ON COLUMN normfreeze.stage_log.stage IS 'NULL where a version is retired';
COMMENT ON COLUMN normfreeze.stage_log.version IS 'the version that entered the stage; where it was demoted, the one that left it';
COMMENT ON COLUMN normfreeze.stage_log.changed_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.stage_log.changed_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.stage_log.origin IS 'of an imported entry: database, name and number there, who made it there, and when';
CREATE INDEX stage_log_stage_idx ON normfreeze.stage_log (name, stage, seq);
CREATE INDEX stage_log_version_idx ON normfreeze.stage_log (name, version, action);
CREATE INDEX stage_log_names_idx ON normfreeze.stage_log (stage, name, seq);

CREATE TABLE normfreeze.members (
	set_id bigint NOT NULL,
	key text COLLATE "C" NOT NULL,
	position integer NOT NULL,
	scaler_id bigint NOT NULL,
	proof bytea NOT NULL,
	CONSTRAINT members_pkey PRIMARY KEY (set_id, key),
	CONSTRAINT members_position_key UNIQUE (set_id, position),
	CONSTRAINT members_key CHECK (
		pg_catalog.octet_length(key) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(key) OPERATOR(pg_catalog.<=) 1024),
	CONSTRAINT members_position CHECK (position OPERATOR(pg_catalog.>) 0),
	CONSTRAINT members_proof CHECK (
		pg_catalog.octet_length(proof) OPERATOR(pg_catalog.%) 32 OPERATOR(pg_catalog.=) 0
		AND pg_catalog.octet_length(proof) OPERATOR(pg_catalog.<=) 1024)
);
COMMENT ON TABLE normfreeze.members IS 'the scalers of sets, by key; a set itself, with the digest of its members, is in normfreeze.scalers';
CREATE INDEX members_scaler_id_idx ON normfreeze.members (scaler_id);
COMMENT ON COLUMN normfreeze.members.set_id IS 'the scaler_id of the set';
COMMENT ON COLUMN normfreeze.members.position IS '1, 2, 3, ... in the order of the keys of a set';
COMMENT ON COLUMN normfreeze.members.scaler_id IS 'the scaler of the key';
COMMENT ON COLUMN normfreeze.members.proof IS 'audit path from the key and its scaler to the digest in the set';

CREATE TABLE normfreeze.stage_access_log (
	stage text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	role text COLLATE "C" NOT NULL,
	action text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	changed_by text NOT NULL,
	changed_session_user text NOT NULL,
	note text,
	CONSTRAINT stage_access_log_pkey PRIMARY KEY (stage, seq),
	CONSTRAINT stage_access_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT stage_access_log_role CHECK (role OPERATOR(pg_catalog.<>) ''),
	CONSTRAINT stage_access_log_action CHECK (
		(action OPERATOR(pg_catalog.=) 'allow') OR (action OPERATOR(pg_catalog.=) 'disallow'))
);
COMMENT ON TABLE normfreeze.stage_access_log IS 'which roles may change a stage: the last entry of a stage and role is their state';
COMMENT ON COLUMN normfreeze.stage_access_log.seq IS '1, 2, 3, ... for each stage';
COMMENT ON COLUMN normfreeze.stage_access_log.role IS 'by name, since a dump is restored where roles have other OIDs; public is everybody';

-- No foreign keys between these tables: pg_restore --jobs loads the tables of an extension in
-- any order, and with their constraints in force.  verify() reports what refers to nothing.

SELECT pg_catalog.pg_extension_config_dump('normfreeze.scalers', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.profiles', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.versions', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.stage_log', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.members', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.stage_access_log', '');

-- immutability: no UPDATE, DELETE or TRUNCATE, also under session_replication_role = replica

CREATE FUNCTION normfreeze.refuse_change() RETURNS trigger
	AS 'MODULE_PATHNAME', 'refuse_change' LANGUAGE C;
COMMENT ON FUNCTION normfreeze.refuse_change() IS 'trigger function that refuses every change of the registry';

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.scalers
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.scalers
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.scalers ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.scalers ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.profiles
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.profiles
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.versions
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.versions
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.stage_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.stage_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.stage_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.stage_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.members
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.members
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.members ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.members ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.stage_access_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.stage_access_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.stage_access_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.stage_access_log ENABLE ALWAYS TRIGGER refuse_truncate;

-- removal: what was frozen is not lost by a DROP that does not mean it

CREATE FUNCTION normfreeze.refuse_removal() RETURNS event_trigger
	AS 'MODULE_PATHNAME', 'refuse_removal' LANGUAGE C;
COMMENT ON FUNCTION normfreeze.refuse_removal() IS 'event trigger function that refuses to drop the extension, unless by CASCADE, while there are frozen scalers';

CREATE EVENT TRIGGER normfreeze_refuse_removal ON ddl_command_start
	WHEN TAG IN ('DROP EXTENSION', 'DROP OWNED')
	EXECUTE FUNCTION normfreeze.refuse_removal();
ALTER EVENT TRIGGER normfreeze_refuse_removal ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER normfreeze_refuse_removal IS 'keeps what was frozen from a DROP EXTENSION or DROP OWNED that does not say CASCADE';

-- with no search_path every name but those of pg_catalog is qualified, whoever asks
CREATE FUNCTION normfreeze.constraint_definition(oid) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = ''
	AS $$ SELECT pg_catalog.pg_get_constraintdef($1) $$;
COMMENT ON FUNCTION normfreeze.constraint_definition(oid) IS 'the definition of a constraint, as view guards compares it';

CREATE VIEW normfreeze.guards AS
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
COMMENT ON VIEW normfreeze.guards IS 'the triggers and constraints that keep the registry immutable, and whether each is in force';

CREATE VIEW normfreeze.stages AS
	SELECT l.name, l.stage, l.version, v.scaler_id, l.at AS since, l.changed_by, l.note,
		EXISTS (
			SELECT 1 FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) l.name AND r.version OPERATOR(pg_catalog.=) l.version
				AND r.action OPERATOR(pg_catalog.=) 'retire'
		) AS retired
	FROM (SELECT DISTINCT ON (e.name, e.stage)
			e.name, e.stage, e.version, e.action, e.at, e.changed_by, e.note
		FROM normfreeze.stage_log AS e
		WHERE e.stage IS NOT NULL
		ORDER BY e.name, e.stage, e.seq DESC) AS l
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) l.name AND v.version OPERATOR(pg_catalog.=) l.version
	WHERE l.action OPERATOR(pg_catalog.<>) 'demote'
	ORDER BY l.name, l.stage;
COMMENT ON VIEW normfreeze.stages IS 'the version that each stage of each name has now';

-- An entry is in force from its time until the first time of a later entry: what scaler_id(name,
-- stage, as_of) gives, also where a clock was set back between two entries, or they are of one moment.
CREATE VIEW normfreeze.stage_history AS
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
COMMENT ON VIEW normfreeze.stage_history IS 'which version each stage of each name had from when to when, without overlaps, and with gaps only where it was demoted';

CREATE VIEW normfreeze.stage_access AS
	SELECT a.stage, a.role, a.since, a.changed_by, a.changed_session_user, a.note,
		a.role OPERATOR(pg_catalog.=) 'public' OR EXISTS (
			SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) a.role
		) AS role_exists
	FROM (SELECT DISTINCT ON (l.stage, l.role)
			l.stage, l.role, l.action, l.at AS since, l.changed_by, l.changed_session_user, l.note
		FROM normfreeze.stage_access_log AS l
		ORDER BY l.stage, l.role, l.seq DESC) AS a
	WHERE a.action OPERATOR(pg_catalog.=) 'allow';
COMMENT ON VIEW normfreeze.stage_access IS 'the roles that each stage with a list admits now';
