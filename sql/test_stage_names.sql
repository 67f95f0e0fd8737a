-- Stages that there are not, and stages that end.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE FUNCTION sn_make(x float8) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(ARRAY[v * x], 'standard', '{"names": ["a"], "distribution": false}') FROM pg_catalog.generate_series(1, 9) AS v
$$;
CREATE FUNCTION sn_try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; message text; detail text; hint text;
BEGIN
	EXECUTE statement INTO result;
	RETURN COALESCE(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	-- other tests have stages of their own
	IF detail LIKE 'The stages are "production", "staging"%' THEN
		detail := 'The stages are "production", "staging"' || CASE WHEN detail LIKE '%"canary"%' THEN ', "canary"' ELSE '' END;
	END IF;
	detail := pg_catalog.regexp_replace(detail, '^Failing row.*', '');
	RETURN pg_catalog.concat_ws(E'\n', SQLSTATE || ' ' || message, NULLIF(detail, ''), NULLIF(hint, ''));
END $$;
SELECT count(normfreeze.freeze('sn', sn_make(i))) AS frozen FROM generate_series(1, 4) AS i;
SELECT normfreeze.freeze('sn_b', sn_make(1)) IS NOT NULL AS frozen;

-- production and staging are there from the beginning
SELECT normfreeze.promote('sn', 1) IS NOT NULL AND normfreeze.promote('sn', 1, 'staging') IS NOT NULL AS in_one_call;
-- a note where the stage stands, and a stage that is misspelt
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'retrained') $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'Production') $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2::smallint, 'prod') $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', normfreeze.scaler_id('sn@v2'), 'production ') $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'prodution', force => true) $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'prodution', new_stage => NULL) $$);
SELECT sn_try($$ SELECT normfreeze.allow_stage('prodution', 'public') $$);
SELECT sn_try($$ SELECT normfreeze.disallow_stage('prodution', 'public') $$);
SELECT sn_try($$ SELECT normfreeze.rollback('sn', 'prodution') $$);
SELECT sn_try($$ SELECT normfreeze.demote('sn', 'prodution') $$);
SELECT sn_try($$ SELECT normfreeze.scaler_id('sn@prodution') $$);
SELECT sn_try($$ SELECT normfreeze.scaler_id('sn_b') $$);
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'v7', new_stage => true) $$);
SELECT DISTINCT stage FROM normfreeze.stage_log WHERE name = 'sn' ORDER BY stage;
-- said once, it is there for every name
SELECT normfreeze.promote('sn', 2, 'canary', 'trial', new_stage => true) IS NOT NULL AS begun, normfreeze.promote('sn_b', 1, 'canary') IS NOT NULL AS another_name,
	normfreeze.promote('sn', 3, 'canary', new_stage => true) IS NOT NULL AS said_again;
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'canry') $$);

-- a stage ends
SELECT normfreeze.demote('sn', 'canary', 'trial is over') = normfreeze.scaler_id('sn@v3') AS had, normfreeze.demote('sn', 'canary') = normfreeze.scaler_id('sn@v3') AS again;
SELECT seq, stage, version, action, note FROM normfreeze.stage_log WHERE name = 'sn' ORDER BY seq;
SELECT stage, version FROM normfreeze.stages WHERE name = 'sn' ORDER BY stage;
SELECT sn_try($$ SELECT normfreeze.scaler_id('sn@canary') $$);
SELECT sn_try($$ SELECT normfreeze.normalize(ARRAY[1.0], 'sn@canary') $$);
SELECT sn_try($$ SELECT normfreeze.scaler_id('sn', 'canary', 'infinity') $$) AS never_again;
SELECT normfreeze.scaler_id('sn', 'canary', l.at) = v.scaler_id AS as_it_was FROM normfreeze.stage_log AS l JOIN normfreeze.versions AS v USING (name, version)
WHERE l.name = 'sn' AND l.stage = 'canary' AND l.action = 'promote' ORDER BY seq DESC LIMIT 1;
SELECT h.version, h.action, h.valid_to IS NOT NULL AS ended FROM normfreeze.stage_history AS h WHERE name = 'sn' AND stage = 'canary' ORDER BY seq;
SELECT s.state, s.stage, s.demoted_at IS NOT NULL AS demoted, s.until = s.demoted_at AS until, s.rolled_back_at
FROM normfreeze.stage_log AS l CROSS JOIN LATERAL normfreeze.stage_as_of(normfreeze.scaler_id('sn@v3'), l.at) AS s WHERE l.name = 'sn' AND l.stage = 'canary' AND l.seq IN (4, 5) ORDER BY seq;
SELECT state, stage FROM normfreeze.stage_as_of(normfreeze.scaler_id('sn@v3'), now() + interval '1 day');
SELECT event, version, stage, detail FROM normfreeze.lineage('sn') WHERE stage = 'canary';
SELECT normfreeze.register_use('sn@v3', 'sn reader', 'model') AS entry;
SELECT stages FROM normfreeze.uses WHERE name = 'sn';
SELECT normfreeze.report(normfreeze.scaler_id('sn@v3')) LIKE '%>demote<%' AS reported,
	substring(normfreeze.report(normfreeze.scaler_id('sn@v3')) FROM '<dt>Stages now</dt><dd>([^<]*)') AS stages_now;
-- a rollback takes a demotion back; a promotion after one begins anew
SELECT normfreeze.rollback('sn', 'canary') = normfreeze.scaler_id('sn@v3') AS undone, normfreeze.rollback('sn', 'canary') = normfreeze.scaler_id('sn@v2') AS and_back;
SELECT s.until = s.rolled_back_at AS until, s.demoted_at FROM normfreeze.stage_log AS l CROSS JOIN LATERAL normfreeze.stage_as_of(normfreeze.scaler_id('sn@v3'), l.at) AS s
WHERE l.name = 'sn' AND l.seq = 6 AND s.stage = 'canary';
SELECT normfreeze.demote('sn', 'canary') IS NOT NULL AS ended, normfreeze.promote('sn', 4, 'canary') IS NOT NULL AS begun;
SELECT sn_try($$ SELECT normfreeze.rollback('sn', 'canary') $$);
SELECT normfreeze.retire('sn', 4) IS NOT NULL AS retired, normfreeze.demote('sn', 'canary') IS NOT NULL AS a_retired_one;
SELECT sn_try($$ SELECT normfreeze.rollback('sn', 'canary') $$);
SELECT normfreeze.promote('sn', 2, 'canary') IS NOT NULL AS begun, normfreeze.promote('sn', 3, 'canary') IS NOT NULL AS goes_on,
	normfreeze.demote('sn', 'canary') IS NOT NULL AS ended, normfreeze.retire('sn', 3) IS NOT NULL AS retired,
	normfreeze.rollback('sn', 'canary') = normfreeze.scaler_id('sn@v2') AS the_one_before;
SELECT string_agg(concat_ws(' ', seq, action, 'v' || version), ', ' ORDER BY seq) FROM normfreeze.stage_log WHERE name = 'sn' AND stage = 'canary';
-- where no name has it any more, it is unknown again; unless a list of roles says that it is meant
SELECT normfreeze.demote('sn', 'canary') IS NOT NULL AS here, normfreeze.demote('sn_b', 'canary') IS NOT NULL AS there;
SELECT sn_try($$ SELECT normfreeze.promote('sn', 2, 'canary') $$);
SELECT normfreeze.allow_stage('canary', 'public', new_stage => true) AS listed, normfreeze.promote('sn', 2, 'canary') IS NOT NULL AS known;
-- production ends as any other, and begins as any other
SELECT normfreeze.demote('sn', 'production') = normfreeze.scaler_id('sn@v1') AS ended;
SELECT sn_try($$ SELECT normfreeze.scaler_id('sn') $$);
SELECT normfreeze.promote('sn', 2) IS NOT NULL AS promoted;

-- between environments: both ways take demotions along, and none is refused for what it ends
CREATE TABLE sn_export AS SELECT jsonb_agg(e) AS e FROM normfreeze.export_name('sn') AS e;
SELECT sum(stage_entries) = (SELECT count(*) FROM normfreeze.stage_log WHERE name = 'sn') AS appended FROM normfreeze.import_name((SELECT e FROM sn_export), 'sn_appended', stages => true);
SELECT sum(stage_entries) = (SELECT count(*) FROM normfreeze.stage_log WHERE name = 'sn') AS mirrored FROM normfreeze.import_name((SELECT e FROM sn_export), 'sn_mirror', mirror => true);
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT e FROM sn_export), 'sn_appended', stages => true);
SELECT name, string_agg(stage || ' v' || version, ', ' ORDER BY stage) FROM normfreeze.stages WHERE name LIKE 'sn\_%' GROUP BY name ORDER BY name;
SELECT sn_try(format($$ SELECT normfreeze.import_name(jsonb_set((SELECT e FROM sn_export), '{0,stage_log,0,stage}', 'null'), 'sn_no', stages => true) $$));
-- a stage that comes along is said to be new
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT replace(e::text, '"canary"', '"sn_elsewhere"')::jsonb FROM sn_export), 'sn_new', stages => true);
SELECT sum(stage_entries) FROM normfreeze.import_name((SELECT replace(e::text, '"canary"', '"sn_elsewhere"')::jsonb FROM sn_export), 'sn_new_2', stages => true);

-- who may demote, and what it is to be told
CREATE ROLE regress_demoter;
GRANT EXECUTE ON FUNCTION normfreeze.demote(text, text, text), normfreeze.promote(text, integer, text, text, boolean, boolean) TO regress_demoter;
SELECT normfreeze.disallow_stage('canary', 'public') AS closed;
SET SESSION AUTHORIZATION regress_demoter;
SELECT normfreeze.demote('sn', 'canary');
SELECT normfreeze.demote('sn', 'staging') IS NOT NULL AS open;
RESET SESSION AUTHORIZATION;
REVOKE ALL ON FUNCTION normfreeze.demote(text, text, text) FROM regress_demoter;
SET SESSION AUTHORIZATION regress_demoter;
SELECT normfreeze.demote('sn', 'production');
RESET SESSION AUTHORIZATION;
SELECT sn_try($$ SELECT normfreeze.demote('sn', NULL) $$);
SELECT sn_try($$ SELECT normfreeze.demote('no such', 'production') $$);
SELECT sn_try($$ SELECT normfreeze.demote('sn_b', 'staging') $$);
SELECT sn_try($$ INSERT INTO normfreeze.stage_log VALUES ('sn', 99, NULL, 1, 'demote', now(), 'x', 'x') $$);
BEGIN READ ONLY;
SELECT normfreeze.demote('sn', 'production');
ROLLBACK;
-- of a version that is missing, a stage can be ended all the same
BEGIN;
INSERT INTO normfreeze.stage_log SELECT 'sn', max(seq) + 1, 'staging', 99, 'promote', now(), 'x', 'x' FROM normfreeze.stage_log WHERE name = 'sn';
SELECT stage, version, scaler_id FROM normfreeze.stages WHERE name = 'sn' AND stage = 'staging';
SELECT normfreeze.demote('sn', 'staging');
SELECT count(*) FROM normfreeze.stages WHERE name = 'sn' AND stage = 'staging';
ROLLBACK;
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
DROP OWNED BY regress_demoter;
DROP ROLE regress_demoter;
DROP TABLE sn_export;
DROP FUNCTION sn_try(text), sn_make(float8);
