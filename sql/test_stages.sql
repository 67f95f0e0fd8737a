-- Who may change a stage, the second person, features that a stage keeps, and history.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE ROLE regress_alice;
CREATE ROLE regress_bob;
CREATE ROLE regress_releases;
CREATE FUNCTION make_of(names text[], x float8 DEFAULT 2, options text DEFAULT '') RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(values, 'standard', pg_catalog.format('{"names": %s, "distribution": false %s}', pg_catalog.to_json(names), options)::jsonb)
	FROM (SELECT (SELECT pg_catalog.array_agg(v * x + i) FROM pg_catalog.generate_subscripts(names, 1) AS i) AS values
		  FROM pg_catalog.generate_series(1, 9) AS v) AS rows
$$;
GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean), normfreeze.promote(text, integer, text, text, boolean, boolean),
	normfreeze.promote(text, bigint, text, text, boolean, boolean), normfreeze.rollback(text, text, text), normfreeze.retire(text, integer, text)
TO regress_alice, regress_bob;

-- the features of a stage stay
SELECT normfreeze.freeze('st_f', make_of('{a,b,c}')) IS NOT NULL AS v1, normfreeze.freeze('st_f', make_of('{a,b,c}', 3)) IS NOT NULL AS v2,
	normfreeze.freeze('st_f', make_of('{c,a,d}')) IS NOT NULL AS v3, normfreeze.freeze('st_f', make_of('{a,b,c}', 2, ', "target": "c"')) IS NOT NULL AS v4,
	normfreeze.freeze('st_f', make_of(ARRAY['x","y', E'quote '' double " */ -- ]]>\nline', 'b'])) IS NOT NULL AS v5;
SELECT normfreeze.freeze('st_f', normfreeze.fit(ARRAY[v, 2 * v], 'minmax')) IS NOT NULL AS v6 FROM generate_series(1, 5) AS v;
SELECT normfreeze.freeze('st_f', normfreeze.by_key(k::text, make_of('{a,b,c}', k))) IS NOT NULL AS v7 FROM generate_series(1, 2) AS k;
SELECT normfreeze.freeze('st_f', normfreeze.by_key(k::text, make_of('{a,b}', k))) IS NOT NULL AS v8 FROM generate_series(1, 2) AS k;
SELECT normfreeze.freeze('st_f', make_of(ARRAY(SELECT 'st_f' || i FROM generate_series(1, 1000) AS i))) IS NOT NULL AS v9;
SELECT normfreeze.promote('st_f', 1) IS NOT NULL AS promoted;
SELECT normfreeze.promote('st_f', 2) IS NOT NULL AS other_parameters;
SELECT normfreeze.promote('st_f', 3);
SELECT normfreeze.promote('st_f', 4);
SELECT normfreeze.promote('st_f', 5);
SELECT normfreeze.promote('st_f', 6);
SELECT normfreeze.promote('st_f', 7);
SELECT normfreeze.promote('st_f', 8);
SELECT normfreeze.promote('st_f', 9);
SELECT normfreeze.promote('st_f', normfreeze.scaler_id('st_f@v3'));
SELECT normfreeze.promote('st_f', 3::smallint);
SELECT normfreeze.promote('st_f', 3, 'staging') IS NOT NULL AS another_stage;
SELECT normfreeze.promote('st_f', 4, force => NULL);
SELECT normfreeze.promote('st_f', 4, force => true) IS NOT NULL AS forced;
SELECT normfreeze.promote('st_f', 1);
-- what was there before may come back
SELECT normfreeze.rollback('st_f') = normfreeze.scaler_id('st_f@v2') AS back;
SELECT normfreeze.promote('st_f', 7, force => true) IS NOT NULL AS to_a_set;
SELECT normfreeze.promote('st_f', 8);
SELECT normfreeze.promote('st_f', 1, force => true) IS NOT NULL AS from_a_set;
-- a version that is there in the log only
BEGIN;
INSERT INTO normfreeze.stage_log SELECT 'st_f', max(seq) + 1, 'production', 99, 'promote', now(), 'x', 'x' FROM normfreeze.stage_log WHERE name = 'st_f';
SELECT normfreeze.promote('st_f', 2);
ROLLBACK;

-- without a list, everyone who may call promote() may change a stage
SET SESSION AUTHORIZATION regress_alice;
SELECT normfreeze.freeze('st_s', make_of('{a,b}', i)) IS NOT NULL AS frozen FROM generate_series(1, 3) AS i;
SELECT normfreeze.promote('st_s', 1) IS NOT NULL AS promoted;
SELECT normfreeze.allow_stage('production', 'regress_alice');
SELECT normfreeze.disallow_stage('production', 'regress_alice');
SELECT * FROM normfreeze.stage_access WHERE stage = 'production';
RESET SESSION AUTHORIZATION;

-- with one, its roles and their members
SELECT normfreeze.allow_stage('production', 'regress_releases', 'ticket 17') AS listed;
SELECT normfreeze.allow_stage('production', 'regress_releases') AS again;
SELECT stage, role, changed_by = current_user AS by_me, note, role_exists FROM normfreeze.stage_access WHERE stage = 'production';
SET SESSION AUTHORIZATION regress_alice;
SELECT normfreeze.promote('st_s', 2);
SELECT normfreeze.promote('st_s', 1);
SELECT normfreeze.rollback('st_s');
SELECT normfreeze.retire('st_s', 1);
SELECT normfreeze.retire('st_s', 3) IS NOT NULL AS in_no_stage;
SELECT normfreeze.promote('st_s', 2, 'staging') IS NOT NULL AS another_stage;
RESET SESSION AUTHORIZATION;
GRANT regress_releases TO regress_bob;
SET SESSION AUTHORIZATION regress_bob;
SELECT normfreeze.promote('st_s', 2) IS NOT NULL AS a_member;
SELECT normfreeze.rollback('st_s') IS NOT NULL AS a_member;
SELECT seq, stage, version, action, changed_by, changed_session_user FROM normfreeze.stage_log WHERE name = 'st_s';
RESET SESSION AUTHORIZATION;
SELECT seq, stage, version, action, changed_by, changed_session_user FROM normfreeze.stage_log WHERE name = 'st_s' ORDER BY seq;
-- a member that does not inherit has to become the role
ALTER ROLE regress_bob NOINHERIT;
REVOKE regress_releases FROM regress_bob;
GRANT regress_releases TO regress_bob;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) TO regress_releases;
SET SESSION AUTHORIZATION regress_bob;
SELECT normfreeze.promote('st_s', 2);
SET ROLE regress_releases;
SELECT normfreeze.promote('st_s', 2) IS NOT NULL AS as_the_role;
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT seq, changed_by, changed_session_user FROM normfreeze.stage_log WHERE name = 'st_s' ORDER BY seq DESC LIMIT 1;
-- withdrawn: the list stays, and admits nobody but superusers
SELECT normfreeze.disallow_stage('production', 'regress_releases', 'ticket 18') AS withdrawn;
SELECT normfreeze.disallow_stage('production', 'regress_releases') AS again;
SELECT normfreeze.disallow_stage('production', 'regress_relaeses');
SELECT normfreeze.disallow_stage('nowhere', 'regress_releases');
SET SESSION AUTHORIZATION regress_alice;
SELECT normfreeze.promote('st_s', 1);
RESET SESSION AUTHORIZATION;
SELECT normfreeze.promote('st_s', 1) IS NOT NULL AS superuser;
-- public opens it again
SELECT normfreeze.allow_stage('production', 'public') AS opened;
SET SESSION AUTHORIZATION regress_alice;
SELECT normfreeze.promote('st_s', 2) IS NOT NULL AS everybody;
RESET SESSION AUTHORIZATION;
SELECT stage, seq, role, action, note FROM normfreeze.stage_access_log WHERE stage = 'production' ORDER BY seq;
-- a role that is renamed is no longer listed, nor is one that is gone
SELECT normfreeze.disallow_stage('production', 'public') AND normfreeze.allow_stage('production', 'regress_bob') AS bob_only;
ALTER ROLE regress_bob RENAME TO regress_bobby;
SELECT role, role_exists FROM normfreeze.stage_access WHERE stage = 'production';
SET SESSION AUTHORIZATION regress_bobby;
SELECT normfreeze.promote('st_s', 1);
RESET SESSION AUTHORIZATION;
ALTER ROLE regress_bobby RENAME TO regress_bob;
-- names that are no names
SELECT normfreeze.allow_stage('production', 'no_such_role');
SELECT normfreeze.allow_stage('v3', 'regress_bob');
SELECT normfreeze.allow_stage('a@b', 'regress_bob');
SELECT normfreeze.allow_stage(NULL, 'regress_bob');
SELECT normfreeze.disallow_stage('production', NULL);
BEGIN READ ONLY;
SELECT normfreeze.allow_stage('production', 'regress_alice');
ROLLBACK;
DELETE FROM normfreeze.stage_access_log;
SELECT normfreeze.disallow_stage('production', 'regress_bob') AND normfreeze.allow_stage('production', 'public') AS opened;

-- the second person
SET normfreeze.require_second_person = on;
SET SESSION AUTHORIZATION regress_alice;
SET normfreeze.require_second_person = off;
SELECT normfreeze.freeze('st_p', make_of('{a,b}', 17)) IS NOT NULL AS frozen;
SELECT normfreeze.promote('st_p', 1);
SELECT normfreeze.promote('st_p', 1, 'staging', force => true);
RESET SESSION AUTHORIZATION;
GRANT regress_releases TO regress_alice;
SET SESSION AUTHORIZATION regress_alice;
SET ROLE regress_releases;
SELECT current_user, normfreeze.promote('st_p', 1);
RESET ROLE;
RESET SESSION AUTHORIZATION;
CREATE FUNCTION promote_as_owner() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT normfreeze.promote('st_p', 1) $$;
SET SESSION AUTHORIZATION regress_alice;
SELECT public.promote_as_owner();
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_bob;
SELECT normfreeze.promote('st_p', 1) IS NOT NULL AS bob;
SELECT normfreeze.freeze('st_p', make_of('{a,b}', 18)) IS NOT NULL AS frozen;
SELECT normfreeze.promote('st_p', 2);
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_alice;
SELECT normfreeze.promote('st_p', 2) IS NOT NULL AS alice, normfreeze.rollback('st_p') IS NOT NULL AS rolls_back_to_her_own;
RESET SESSION AUTHORIZATION;
-- the same content again is no other freezer
SET SESSION AUTHORIZATION regress_bob;
SELECT normfreeze.freeze('st_p', make_of('{a,b}', 17)) IS NOT NULL AS again;
RESET SESSION AUTHORIZATION;
SELECT version, frozen_by, frozen_session_user, origin FROM normfreeze.versions WHERE name = 'st_p' ORDER BY version;
RESET normfreeze.require_second_person;

-- history: no gaps, no overlaps, the same answers as as_of
SELECT h.stage, h.version, h.action, h.valid_from = lag(h.valid_to) OVER w AS joins, h.valid_to IS NULL AS now,
	CASE h.by WHEN current_user THEN 'me' ELSE h.by END AS by, CASE h.by_session_user WHEN current_user THEN 'me' ELSE h.by_session_user END AS by_session_user
FROM normfreeze.stage_history AS h WHERE name = 'st_s' WINDOW w AS (PARTITION BY stage ORDER BY seq) ORDER BY stage, seq;
SELECT count(*), bool_and(scaler_id = normfreeze.scaler_id(name, stage, valid_from)) AS as_of_agrees,
	bool_and(valid_to IS NULL OR valid_from < valid_to) AS forward
FROM normfreeze.stage_history WHERE name LIKE 'st\_%' AND retired_at IS NULL;
-- one moment for several entries, and a clock that was set back
BEGIN;
INSERT INTO normfreeze.stage_log SELECT 'st_t', s, 'x', v, 'promote', timestamptz '2026-01-01 00:00 UTC' + d * interval '1 minute', 'x', 'x', NULL, NULL
FROM (VALUES (1, 1, 0), (2, 2, 0), (3, 3, 30), (4, 1, 20), (5, 3, 40), (6, 2, 40)) AS log (s, v, d);
SELECT normfreeze.freeze('st_t', make_of('{a}', i)) IS NOT NULL AS frozen FROM generate_series(1, 3) AS i;
SET LOCAL timezone = 'UTC';
SELECT seq, version, valid_from, valid_to FROM normfreeze.stage_history WHERE name = 'st_t' ORDER BY valid_from;
SELECT count(*) AS minutes, bool_and(h.scaler_id = normfreeze.scaler_id('st_t', 'x', m)) AS as_of_agrees
FROM generate_series(timestamptz '2026-01-01 00:00 UTC', '2026-01-01 01:00 UTC', '1 minute') AS m
LEFT JOIN normfreeze.stage_history AS h ON h.name = 'st_t' AND m >= h.valid_from AND (m < h.valid_to OR h.valid_to IS NULL);
ROLLBACK;

SELECT "check", ok FROM normfreeze.verify() WHERE "check" LIKE 'stage%';
BEGIN;
INSERT INTO normfreeze.stage_access_log VALUES ('production', 99, 'x', 'allow', now(), 'x', 'x');
SELECT detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;
DROP FUNCTION promote_as_owner();
DROP OWNED BY regress_alice, regress_bob, regress_releases;
DROP ROLE regress_alice, regress_bob, regress_releases;
