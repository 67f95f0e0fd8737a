-- Exports and imports of names: within one database, under other names; and what is refused.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
\set SHOW_CONTEXT never
CREATE FUNCTION env_make(x float8, names text[] DEFAULT '{a,b}') RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(ARRAY[v, v * x], 'standard', pg_catalog.jsonb_build_object('names', names)) FROM generate_series(1, 9) AS v
$$;
SELECT normfreeze.freeze('env', env_make(i), CASE i WHEN 2 THEN E'a ''note''\n"of" two lines' END, '{"deep": [[[[[[[[[[[[[[[[[[[[1.10]]]]]]]]]]]]]]]]]]]]}') IS NOT NULL AS frozen
FROM generate_series(1, 3) AS i;
SELECT normfreeze.promote('env', 1) IS NOT NULL, normfreeze.promote('env', 2, 'env_staging', 'try', new_stage => true) IS NOT NULL, normfreeze.promote('env', 2) IS NOT NULL,
	normfreeze.rollback('env', note => 'worse') IS NOT NULL, normfreeze.retire('env', 3) IS NOT NULL;
CREATE TABLE env_export AS SELECT e FROM normfreeze.export_name('env') AS e;
SELECT e->'version' AS version, e->'scaler_id' = to_jsonb(v.scaler_id::text) AS id, e->>'fingerprint' = s.fingerprint AS fingerprint,
	(e->>'frozen_at')::timestamptz = v.frozen_at AS at, e->>'frozen_by' = v.frozen_by AS by, e->'note' AS note, e->'metadata' = v.metadata AS metadata,
	e->'row_count' AS rows, e->'versions' AS versions, e->'log_length' AS log_length, e->'origin' AS origin,
	(e->'scaler')::normfreeze.scaler = env_make((e->>'version')::int) AS whole,
	jsonb_path_query_array(e, '$.stage_log[*].seq') AS seqs
FROM env_export JOIN normfreeze.versions AS v ON v.name = 'env' AND v.version = (e->>'version')::int JOIN normfreeze.scalers AS s USING (scaler_id) ORDER BY 1;
-- the same text whatever the settings are
SET timezone = 'Asia/Kathmandu'; SET datestyle = 'German'; SET extra_float_digits = -15;
SELECT count(*) FROM normfreeze.export_name('env') AS x JOIN env_export ON x = e;
RESET timezone; RESET datestyle; RESET extra_float_digits;
SELECT bool_and(normfreeze.bare((e->'scaler')::normfreeze.scaler) = (e->'scaler')::normfreeze.scaler) AS without_evidence FROM normfreeze.export_name('env', evidence => false) AS e;

-- appended: no stage follows, the origin is recorded, and again is nothing
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e ORDER BY random()) FROM env_export), 'env_copy');
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_copy');
SELECT count(*) AS entries FROM normfreeze.stage_log WHERE name = 'env_copy';
SELECT c.version, c.scaler_id = v.scaler_id AS same_id, c.note IS NOT DISTINCT FROM v.note AND c.metadata = v.metadata AND c.row_count = v.row_count AS same,
	c.frozen_at > v.frozen_at AS later, c.origin->>'name' AS name, c.origin->'version' AS there, (c.origin->>'frozen_at')::timestamptz = v.frozen_at AS at_there,
	c.origin->>'database' = current_database() AS database
FROM normfreeze.versions AS c JOIN normfreeze.versions AS v ON v.name = 'env' AND v.scaler_id = c.scaler_id WHERE c.name = 'env_copy' ORDER BY 1;
-- one by one, in the select list; into a name that has other versions already
SELECT normfreeze.freeze('env_other', env_make(77)) IS NOT NULL AS local, normfreeze.freeze('env_other', env_make(3)) IS NOT NULL AS local;
SELECT i.version, i.action FROM env_export, LATERAL normfreeze.import_name(e, 'env_other') AS i ORDER BY 1;
SELECT (normfreeze.import_name(jsonb_agg(e))).action FROM env_export;
-- the stages, when asked for; not twice; and not back to where they came from
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_other', stages => true);
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_other', stages => true);
SELECT seq, stage, version, action, note, origin->'seq' AS seq_there, changed_by = current_user AS by_me FROM normfreeze.stage_log WHERE name = 'env_other' ORDER BY seq;
SELECT normfreeze.promote('env_other', 1) IS NOT NULL AS a_local_promotion;
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_other', stages => true);
SELECT stage, version FROM normfreeze.stages WHERE name = 'env_other' ORDER BY stage;
SELECT action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_other') AS e), 'env', stages => true);
SELECT version, origin->>'name' AS origin, origin->'origin' IS NOT NULL AS further FROM normfreeze.versions WHERE name = 'env' ORDER BY version;

-- an export that comes back to its own name, directly or over others, says nothing new; another name here has nothing of it yet
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), stages => true);
SELECT count(*) FROM normfreeze.stage_log WHERE name = 'env';
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_other') AS e), 'env_over', stages => true);
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_over', stages => true);
-- a database that was restored has another identifier, and the same log
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(jsonb_set(e, '{source,system_identifier}', '"1"')) FROM env_export), 'env', stages => true);
-- a log may pass through a version that is retired here, and not end in it
SELECT normfreeze.freeze('env_retired', env_make(i)) IS NOT NULL AS frozen FROM generate_series(1, 2) AS i;
SELECT normfreeze.promote('env_retired', 2) IS NOT NULL AS promoted, normfreeze.retire('env_retired', 1) IS NOT NULL AS retired;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_retired', stages => true) FROM env_export;
SELECT stage, version, action FROM normfreeze.stage_log WHERE name = 'env_retired' ORDER BY seq;
SELECT normfreeze.freeze('env_passed', env_make(i)) IS NOT NULL AS frozen FROM generate_series(1, 2) AS i;
SELECT normfreeze.promote('env_passed', 1) IS NOT NULL, normfreeze.promote('env_passed', 2) IS NOT NULL;
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_passed') AS e), 'env_retired', stages => true);
SELECT stage, version, retired FROM normfreeze.stages WHERE name = 'env_retired';
SELECT normfreeze.import_name(e || jsonb_build_object('versions', 1, 'log_length', 2, 'stage_log', jsonb_build_array(
	e->'stage_log'->0 || '{"action": "retire", "stage": null}', e->'stage_log'->0 || '{"seq": 2}')), 'env_forged', mirror => true)
FROM normfreeze.export_name('env_passed') AS e WHERE e->'version' = '1';

-- an exact mirror
SELECT normfreeze.import_name(jsonb_agg(e), 'env_mirror', mirror => true) IS NOT NULL AS mirrored FROM env_export;
SELECT action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_mirror', mirror => true);
SELECT count(*) FROM normfreeze.versions AS m JOIN normfreeze.versions AS v USING (version, scaler_id, frozen_at, frozen_by, frozen_session_user, metadata, row_count, server_version, extension_version)
WHERE m.name = 'env_mirror' AND v.name = 'env' AND m.note IS NOT DISTINCT FROM v.note AND m.origin ? 'mirrored_session_user';
SELECT count(*) FROM normfreeze.stage_log AS m JOIN normfreeze.stage_log AS l USING (seq, version, action, at, changed_by, changed_session_user)
WHERE m.name = 'env_mirror' AND l.name = 'env' AND m.stage IS NOT DISTINCT FROM l.stage AND m.note IS NOT DISTINCT FROM l.note;
-- it follows what was added there
SELECT normfreeze.freeze('env_source', env_make(i)) IS NOT NULL AS frozen FROM generate_series(1, 2) AS i;
SELECT version, action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_source') AS e), 'env_follower', mirror => true);
SELECT normfreeze.freeze('env_source', env_make(3)) IS NOT NULL AS frozen, normfreeze.promote('env_source', 2) IS NOT NULL AS promoted;
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_source') AS e), 'env_follower', mirror => true);
SELECT normfreeze.promote('env_source', 3) IS NOT NULL AS promoted;
SELECT version, action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_source') AS e), 'env_follower', mirror => true);
-- whole or not at all: each conflict, with both sides
CREATE FUNCTION env_agg(name text) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(e) FROM normfreeze.export_name(name) AS e $$;
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{note}', '"other"')), 'env_mirror', mirror => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{metadata}', '{}')), 'env_mirror', mirror => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{row_count}', 'null')), 'env_mirror', mirror => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{stage_log,0,note}', '"other"')), 'env_mirror', mirror => true) FROM env_export;
-- times and versions of the server differ from run to run
\set VERBOSITY terse
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{server_version}', '"other"')), 'env_mirror', mirror => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{stage_log,0,at}', '"2026-01-02T03:04:05.5+00:00"')), 'env_mirror', mirror => true) IS NULL FROM env_export;
SELECT normfreeze.import_name(env_agg('env_source'), 'env_mirror', mirror => true);
\set VERBOSITY default
SELECT normfreeze.freeze('env_mirror', env_make(99)) IS NOT NULL AS more;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_mirror', mirror => true) FROM env_export;
SELECT normfreeze.promote('env_follower', 1) IS NOT NULL AS more;
SELECT normfreeze.import_name(env_agg('env_source'), 'env_follower', mirror => true);
SELECT normfreeze.import_name(jsonb_agg(e), 'env_part', mirror => true) FROM env_export WHERE e->'version' <> '3';
SELECT normfreeze.import_name(jsonb_agg(e), 'env_part', mirror => true) FROM env_export WHERE e->'version' <> '1';
SELECT normfreeze.import_name(jsonb_agg(e), 'env_part', stages => true) FROM env_export WHERE e->'version' <> '2';
SELECT normfreeze.import_name(jsonb_agg(e #- '{stage_log,0}'), 'env_part', mirror => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(CASE e->>'version' WHEN '1' THEN jsonb_set(e, '{stage_log,1,seq}', '17') ELSE e END), 'env_part', mirror => true) FROM env_export;
SELECT count(*) FROM normfreeze.versions WHERE name = 'env_part';

-- a set of scalers with its members, their evidence and its fallback
SELECT normfreeze.freeze('env_set', normfreeze.by_key(k, env_make(i), env_make(5))) AS set_id FROM (VALUES ('Ä "key"', 7), ('b', 8), (E'c\nd', 9)) AS keys (k, i) \gset
SELECT (e->'scaler')::normfreeze.scaler = (SELECT normfreeze.by_key(k, env_make(i), env_make(5)) FROM (VALUES ('Ä "key"', 7), ('b', 8), (E'c\nd', 9)) AS keys (k, i)) AS whole
FROM normfreeze.export_name('env_set') AS e;
SELECT scaler_id = :set_id AS same_id, action FROM normfreeze.import_name(env_agg('env_set'), 'env_set_copy');
SELECT scaler_id = :set_id AS same_id, action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_set', false) AS e), 'env_set_bare');
SELECT bool_and(ok), count(*) FROM normfreeze.verify(:set_id);

-- names
SELECT normfreeze.freeze(E'env, "of" a ''name''; --\n/* Ä', env_make(1)) IS NOT NULL AS frozen;
SELECT action FROM normfreeze.import_name(env_agg(E'env, "of" a ''name''; --\n/* Ä'));
SELECT normfreeze.import_name(env_agg('env'), 'a@b');
SELECT normfreeze.import_name(env_agg('env'), '');
SELECT normfreeze.import_name(jsonb_agg(jsonb_set(e, '{name}', '"a@b"'))) FROM env_export;
SELECT normfreeze.export_name('env_nobody');
SELECT normfreeze.export_name(NULL);

-- what is no export, or was edited
SELECT normfreeze.import_name(NULL);
SELECT normfreeze.import_name('[]');
SELECT normfreeze.import_name('17');
SELECT normfreeze.import_name('"text"');
SELECT normfreeze.import_name('null');
SELECT normfreeze.import_name('[17]');
SELECT normfreeze.import_name('[[]]');
SELECT normfreeze.import_name('{}');
SELECT normfreeze.import_name('{"export_format": 2, "new": 1}');
SELECT normfreeze.import_name('{"export_format": "1"}');
CREATE FUNCTION env_try(edited jsonb, stages boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
	PERFORM normfreeze.import_name(edited, 'env_try', stages => stages);
	RETURN 'imported';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN detail <> '' THEN ' (' || regexp_replace(detail, '\d{15,}|[0-9a-f]{64}', '#', 'g') || ')' ELSE '' END;
END $$;
SELECT e AS one FROM env_export WHERE e->'version' = '1' \gset
SELECT key, env_try(:'one'::jsonb - key) AS missing, env_try(:'one'::jsonb || jsonb_build_object(key, true)) AS wrong_type,
	env_try(:'one'::jsonb || jsonb_build_object(key, NULL)) AS null
FROM jsonb_object_keys(:'one') AS key ORDER BY key COLLATE "C";
SELECT path, value, env_try(jsonb_set(:'one', path::text[], value::jsonb)) FROM (VALUES
	('{unknown}', '1'), ('{source,unknown}', '1'), ('{stage_log,0,unknown}', '1'), ('{scaler,unknown}', '1'),
	('{version}', '0'), ('{version}', '-1'), ('{version}', '1.5'), ('{version}', '3000000000'), ('{version}', '1e99'), ('{row_count}', '-2'), ('{row_count}', '1e30'),
	('{scaler_id}', '"17"'), ('{scaler_id}', '"-17"'), ('{scaler_id}', '"99999999999999999999"'), ('{scaler_id}', '""'), ('{fingerprint}', '"00"'),
	('{frozen_at}', '"now"'), ('{frozen_at}', '"infinity"'), ('{frozen_at}', '"2026-02-30T00:00:00+00:00"'), ('{frozen_at}', '"2026-02-03"'), ('{frozen_at}', '"2026-02-03T04:05:06+01:00"'),
	('{metadata}', '[]'), ('{origin}', '[]'), ('{stage_log}', '{}'), ('{stage_log,0}', '17'), ('{stage_log,0,seq}', '0'), ('{stage_log,0,action}', '"undo"'), ('{stage_log,0,action}', '"retire"'),
	('{stage_log,0,stage}', 'null'), ('{stage_log,0,seq}', '4'), ('{scaler,features,0,parameters,center}', '5.5'), ('{scaler,fingerprint}', '"00"'), ('{scaler,profile}', '"AAAA"'), ('{scaler}', '{}')
) AS edits (path, value);
SELECT env_try(jsonb_set(:'one', '{scaler}', env_make(8)::jsonb)) AS another_scaler;
SELECT env_try(jsonb_agg(e) || :'one') AS twice FROM env_export;
SELECT env_try(jsonb_build_array(:'one'::jsonb, jsonb_set(:'one', '{version}', '2') #- '{stage_log,0}' #- '{stage_log,0}')) AS content_twice;
SELECT env_try(jsonb_build_array(:'one'::jsonb, jsonb_set(e, '{name}', '"x"'))) ~ 'these are not the versions of one export: "env" of' AS two_names FROM env_export WHERE e->'version' = '2';
SELECT env_try(jsonb_build_array(:'one'::jsonb, jsonb_set(e, '{source,database}', '"x"'))) ~ 'these are not the versions of one export' AS two_databases FROM env_export WHERE e->'version' = '2';
SELECT env_try(jsonb_agg(jsonb_set(e, '{stage_log,0,stage}', '"v3"')), true) AS a_stage_that_is_none FROM env_export WHERE e->'version' <> '3';
SELECT env_try(jsonb_set(:'one' #- '{stage_log,1}', '{stage_log,0,stage}', '"v3"') || '{"versions": 1, "log_length": 1}', true) AS a_stage_that_is_none;
SELECT env_try(jsonb_set(jsonb_set(:'one', '{origin}', ('{"x": ' || repeat('[', 5000) || repeat(']', 5000) || '}')::jsonb), '{note}', 'null')) AS deep_origin;
SELECT count(*) FROM normfreeze.versions WHERE name = 'env_try';

-- privileges, and what an import of stages needs
CREATE ROLE regress_importer;
SET ROLE regress_importer;
SELECT normfreeze.export_name('env');
SELECT normfreeze.import_name('[]');
RESET ROLE;
GRANT SELECT ON normfreeze.versions, normfreeze.stage_log, normfreeze.scalers TO regress_importer;
GRANT SELECT ON env_export TO regress_importer;
GRANT EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) TO regress_importer;
SET SESSION AUTHORIZATION regress_importer;
SELECT normfreeze.export_name('env');
SELECT count(*) FROM normfreeze.export_name('env', evidence => false);
SELECT normfreeze.export_name('env_set', evidence => false);
SELECT version, action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_imported');
RESET SESSION AUTHORIZATION;
SELECT DISTINCT frozen_by, frozen_session_user FROM normfreeze.versions WHERE name = 'env_imported';
CREATE ROLE regress_nobody;
SELECT normfreeze.allow_stage('env_staging', 'regress_nobody') AS listed;
SET SESSION AUTHORIZATION regress_importer;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_imported', stages => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_imported_2', mirror => true) FROM env_export;
RESET SESSION AUTHORIZATION;
SELECT normfreeze.allow_stage('env_staging', 'regress_importer') AS listed;
SET normfreeze.require_second_person = on;
SET SESSION AUTHORIZATION regress_importer;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_imported', stages => true) FROM env_export;
SELECT normfreeze.import_name(jsonb_agg(e), 'env_imported_2', mirror => true) FROM env_export;
RESET SESSION AUTHORIZATION;
-- superuser froze it at its origin: by the name it is the same person
\set VERBOSITY sqlstate
SELECT normfreeze.promote('env_imported', 1);
\set VERBOSITY default
RESET normfreeze.require_second_person;
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM env_export), 'env_imported', stages => true);
SELECT normfreeze.allow_stage('env_staging', 'public') AS opened;
BEGIN READ ONLY;
SELECT normfreeze.import_name(jsonb_agg(e), 'x') FROM env_export;
ROLLBACK;

-- objects of others in front of ours in the path are not taken for ours
CREATE SCHEMA env_hostile;
CREATE FUNCTION env_hostile.trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION env_hostile.trap(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT env_hostile.trap() $$;
CREATE FUNCTION env_hostile.trap(int, int) RETURNS boolean LANGUAGE sql AS $$ SELECT env_hostile.trap() $$;
CREATE FUNCTION env_hostile.trap(bigint, bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT env_hostile.trap() $$;
CREATE FUNCTION env_hostile.trap(jsonb, jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT env_hostile.trap() $$;
CREATE FUNCTION env_hostile.max(int) RETURNS int LANGUAGE sql AS $$ SELECT env_hostile.trap()::int $$;
CREATE FUNCTION env_hostile.jsonb_build_object(text, text) RETURNS jsonb LANGUAGE sql AS $$ SELECT to_jsonb(env_hostile.trap()) $$;
CREATE FUNCTION env_hostile.jsonb_path_exists(jsonb, jsonpath, jsonb) RETURNS boolean LANGUAGE sql AS $$ SELECT env_hostile.trap() $$;
CREATE OPERATOR env_hostile.= (FUNCTION = env_hostile.trap, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR env_hostile.= (FUNCTION = env_hostile.trap, LEFTARG = int, RIGHTARG = int);
CREATE OPERATOR env_hostile.= (FUNCTION = env_hostile.trap, LEFTARG = bigint, RIGHTARG = bigint);
CREATE OPERATOR env_hostile.@> (FUNCTION = env_hostile.trap, LEFTARG = jsonb, RIGHTARG = jsonb);
CREATE OPERATOR env_hostile.< (FUNCTION = env_hostile.trap, LEFTARG = text, RIGHTARG = text);
SET normfreeze.require_second_person = on;
SET search_path = env_hostile, pg_catalog;
SELECT 'a'::text = 'a'::text;
SELECT action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env_set') AS e), 'env_hostile', mirror => true);
SELECT action, stage_entries FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('env') AS e), 'env_other', stages => true);
\set VERBOSITY sqlstate
SELECT normfreeze.promote('env_hostile', 1);
\set VERBOSITY default
RESET normfreeze.require_second_person;
SELECT normfreeze.allow_stage('env_hostile', 'public', new_stage => true), normfreeze.disallow_stage('env_hostile', 'public'), normfreeze.promote('env_hostile', 1) IS NOT NULL;
SELECT count(*) > 5 AS history FROM normfreeze.stage_history;
SELECT count(*) > 1 AS lists FROM normfreeze.stage_access;
RESET search_path;
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
DROP OWNED BY regress_importer;
DROP ROLE regress_importer, regress_nobody;
DROP TABLE env_export;
