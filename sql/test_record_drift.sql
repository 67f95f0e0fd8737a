-- drift that is recorded: the log, its views, who may write, and what is refused
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
-- a database of its own: the views show everything that is in production
\set started_in :DBNAME
CREATE DATABASE regress_normfreeze_drift TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
\c regress_normfreeze_drift
CREATE EXTENSION normfreeze;
CREATE TABLE seen AS SELECT i AS id, (i * 37 % 1009)::float8 AS a, (i * 91 % 997) / 7.0::float8 AS "b ""x'; --" FROM generate_series(1, 2000) AS i;
SELECT normfreeze.freeze('watched', normfreeze.fit(s, 'standard', '{"exclude": ["id"]}')) AS id FROM seen AS s \gset
SELECT normfreeze.promote('watched', 1) = :id AS promoted;
CREATE TABLE live (day int, p normfreeze.profile);
INSERT INTO live SELECT 1, normfreeze.profile(s, :id) FROM seen AS s WHERE s.id % 2 = 0;
INSERT INTO live SELECT 2, normfreeze.profile(s, :id) FROM (SELECT a + 100, "b ""x'; --" FROM seen) AS s (a, "b ""x'; --");
INSERT INTO live SELECT 3, normfreeze.profile(s, :id) FROM (SELECT a + 900, "b ""x'; --" FROM seen) AS s (a, "b ""x'; --");
INSERT INTO live SELECT 4, normfreeze.profile(s, :id) FROM seen AS s WHERE s.id < 6;
\set note 'SELECT seq, label, verdict, recorded_by = current_user AS by_me, reference_rows, live_rows FROM normfreeze.drift_log ORDER BY seq'
\set state 'SELECT name, version, scaler_id = normfreeze.scaler_id(''watched'') AS same, verdict, previous, label, age >= interval ''0'' AS aged, feature, split_part(reason, '','', 1) AS reason, live_rows, seq FROM normfreeze.drift_state'

-- nothing is recorded yet
:state;
SELECT normfreeze.record_drift(:id, p, 'day 1') FROM live WHERE day = 1;
SELECT normfreeze.record_drift('watched', p, 'day 2') FROM live WHERE day = 2;
SELECT normfreeze.record_drift('watched@v1', p, label => 'day 3') FROM live WHERE day = 3;
:note;
:state;

-- the same check again is the same entry; other options, another label or what was before the last are not
SELECT normfreeze.record_drift('watched', p, 'day 3') FROM live WHERE day = 3;
SELECT normfreeze.record_drift('watched', p, 'day 1') FROM live WHERE day = 1;
SELECT normfreeze.record_drift('watched', p, 'day 3', '{"bins": 10, "alpha": 0.01}') FROM live WHERE day = 3;
SELECT count(*) FROM normfreeze.drift_log;
SELECT normfreeze.record_drift('watched', p, 'day 3', '{"thresholds": {"psi": null, "mean_shift": [5, null], "outside": null, "variance_ratio": [20, 400.5]}}') FROM live WHERE day = 3;
SELECT options FROM normfreeze.drift_log WHERE seq IN (1, 4) ORDER BY seq;
SELECT normfreeze.record_drift('watched', p, NULL, NULL) FROM live WHERE day = 3;
SELECT normfreeze.record_drift('watched', p) FROM live WHERE day = 3;
SELECT normfreeze.record_drift('watched', p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift('watched', p) FROM live WHERE day = 3;
-- too few rows to tell: NULL, and the verdict before is that of the entry which had one
SELECT normfreeze.record_drift('watched', p, 'day 4') IS NULL AS undecided FROM live WHERE day = 4;
:note;
:state;

-- options as they are stored mean the same again
SELECT count(*) FROM (
	SELECT d.overall FROM normfreeze.drift_log AS l, live, LATERAL normfreeze.drift(:id, p, l.options) AS d
	WHERE normfreeze.profile_digest(p) = l.live_digest AND d.overall IS DISTINCT FROM l.verdict) AS different;

-- the history holds every column of drift(), to the last bit, beside those of drift_ranges()
SELECT l.seq, min(jsonb_array_length(d)) AS features, bool_and(h IS NOT DISTINCT FROM d) AS same
FROM normfreeze.drift_log AS l JOIN live ON normfreeze.profile_digest(p) = l.live_digest,
	LATERAL (SELECT jsonb_agg(to_jsonb(x) - 'overall' ORDER BY x.ordinal) AS d FROM normfreeze.drift(l.scaler_id, p, l.options) AS x) AS now,
	LATERAL (SELECT jsonb_agg(to_jsonb(x) - '{scaler_id,seq,at,label,overall,reference_outside_range,live_outside_range}'::text[] ORDER BY x.ordinal) AS h
		FROM normfreeze.drift_history AS x WHERE x.scaler_id = l.scaler_id AND x.seq = l.seq) AS recorded
GROUP BY l.seq ORDER BY l.seq;
SELECT array_agg(DISTINCT (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(f) AS k)) = ARRAY[ARRAY(
	SELECT a FROM unnest((SELECT proargnames FROM pg_proc WHERE oid = 'normfreeze.drift(bigint, normfreeze.profile, jsonb)'::regprocedure)) WITH ORDINALITY AS n (a, i)
	WHERE i > 3 AND a <> 'overall' ORDER BY a COLLATE "C")] AS all_columns
FROM normfreeze.drift_log, jsonb_array_elements(features) AS f;

-- numbers that JSON has not, and features without names
SELECT normfreeze.freeze('flat', normfreeze.fit(ARRAY[1, v], 'standard')) AS flat FROM generate_series(1, 500) AS v \gset
SELECT normfreeze.promote('flat', 1) = :flat AS promoted;
SELECT normfreeze.record_drift(:flat, normfreeze.profile(ARRAY[2 + v % 2, NULL])) FROM generate_series(1, 500) AS v;
SELECT ordinal, feature, verdict, decided_by, mean_shift, variance_ratio, wasserstein, live_missing, ks, worst_bin FROM normfreeze.drift_history WHERE scaler_id = :flat ORDER BY ordinal;
SELECT name, verdict, previous, label, feature, split_part(reason, ',', 1) AS reason FROM normfreeze.drift_state ORDER BY name;

-- only production, and only what does not resolve to a retired version
SELECT normfreeze.freeze('other', normfreeze.fit(s, 'minmax', '{"exclude": ["id"]}')) AS other FROM seen AS s \gset
SELECT normfreeze.promote('other', 1, 'staging') = :other AS staged;
SELECT normfreeze.retire('flat', 1) = :flat AS retired;
SELECT name, verdict FROM normfreeze.drift_state;

-- bad input
SELECT normfreeze.record_drift(NULL::bigint, p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift(NULL::text, p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, (SELECT normfreeze.merge(p) FROM live WHERE day = 77), 'day 77');
SELECT normfreeze.record_drift(17, p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift('no such', p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift('', p) FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, p, repeat('ä', 101)) FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, p, repeat('ä', 100)) FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, p, 'x', '{"bin": 3}') FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, p, 'x', '[]') FROM live WHERE day = 1;
SELECT normfreeze.record_drift(:id, normfreeze.profile(s)) FROM (SELECT id FROM seen) AS s;
SELECT normfreeze.record_drift(:id, normfreeze.profile(ARRAY[id])) FROM seen;
SELECT normfreeze.freeze('bare', normfreeze.fit(s, 'maxabs'), keep_profile => false) AS bare FROM seen AS s \gset
SELECT normfreeze.record_drift('bare@v1', normfreeze.profile(s)) FROM seen AS s;
SELECT normfreeze.freeze('set', normfreeze.by_key(k::text, f)) AS set FROM (SELECT id % 2 AS k, normfreeze.fit(s, 'standard', '{"columns": ["a"]}') AS f FROM seen AS s GROUP BY 1) AS g \gset
SELECT normfreeze.record_drift(:set, normfreeze.profile(s)) FROM (SELECT a FROM seen) AS s;
SELECT normfreeze.record_drift(normfreeze.member(:set, '1'), normfreeze.profile(s), 'odd') FROM (SELECT a FROM seen WHERE id % 4 = 1) AS s;
BEGIN READ ONLY;
SELECT normfreeze.record_drift(:id, p) FROM live WHERE day = 1;
ROLLBACK;

-- worst_drift(): by verdict, then psi, then place
SELECT normfreeze.worst_drift('[{"verdict": "none", "psi": 9}, {"verdict": null, "psi": 10}, {"verdict": "moderate", "psi": 0.2}, {"verdict": "moderate", "psi": 0.3}]');
SELECT normfreeze.worst_drift('[{"verdict": null, "psi": null}, {"verdict": null, "psi": null, "n": 2}]');
SELECT normfreeze.worst_drift('[{"verdict": "major", "psi": "Infinity"}, {"verdict": "major", "psi": 1e300}]');
SELECT normfreeze.worst_drift('[]') IS NULL AS nothing, normfreeze.worst_drift(NULL) IS NULL AS likewise;

-- what is written stays as it was
\set VERBOSITY terse
UPDATE normfreeze.drift_log SET verdict = 'none';
DELETE FROM normfreeze.drift_log;
\set entry 'INSERT INTO normfreeze.drift_log SELECT scaler_id, seq + 100, at, label, recorded_by, recorded_session_user, reference_rows, live_rows'
:entry, 'none', features, options, live_digest FROM normfreeze.drift_log WHERE verdict = 'major' LIMIT 1;
:entry, 'huge', '[{"verdict": "huge", "psi": 1}]', options, live_digest FROM normfreeze.drift_log LIMIT 1;
:entry, NULL, '{}', options, live_digest FROM normfreeze.drift_log LIMIT 1;
:entry, verdict, features, options, upper(live_digest) || 'A' FROM normfreeze.drift_log LIMIT 1;
SELECT "check", ok, detail FROM normfreeze.verify() WHERE "check" IN ('drift log', 'guards', 'references');
BEGIN;
:entry, verdict, features, options, live_digest FROM normfreeze.drift_log WHERE scaler_id = :flat;
INSERT INTO normfreeze.drift_log SELECT 5, 1, now(), 'x', 'me', 'me', 0, 0, verdict, features, options, live_digest FROM normfreeze.drift_log WHERE scaler_id = :flat LIMIT 1;
SELECT "check", replace(detail, :'flat', 'flat') AS detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;

-- privileges: EXECUTE, and what drift() needs; nobody writes to the table, or learns of a scaler by recording again
CREATE ROLE regress_normfreeze_watcher;
CREATE ROLE regress_normfreeze_reader;
GRANT SELECT ON live TO regress_normfreeze_watcher;
SET ROLE regress_normfreeze_watcher;
SELECT normfreeze.record_drift('watched', p) FROM live WHERE day = 1;
SELECT count(*) FROM normfreeze.drift_log;
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb),
	normfreeze.record_drift(text, normfreeze.profile, text, jsonb) TO regress_normfreeze_watcher;
SET ROLE regress_normfreeze_watcher;
SELECT normfreeze.record_drift('watched', p, 'day 3') FROM live WHERE day = 3;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_normfreeze_watcher;
SET ROLE regress_normfreeze_watcher;
SELECT normfreeze.record_drift('watched', p, 'day 3') FROM live WHERE day = 3;
RESET ROLE;
GRANT SELECT ON normfreeze.profiles TO regress_normfreeze_watcher;
SET ROLE regress_normfreeze_watcher;
SELECT normfreeze.record_drift('watched', p, 'day 5') FROM live WHERE day = 3;
INSERT INTO normfreeze.drift_log SELECT 5, 1, now(), 'x', 'me', 'me', 0, 0, NULL, '[]', '{}', repeat('0', 64);
SELECT count(*) FROM normfreeze.drift_state;
RESET ROLE;
SELECT recorded_by, recorded_session_user = session_user AS session FROM normfreeze.drift_log WHERE label = 'day 5';
GRANT SELECT ON normfreeze.drift_state, normfreeze.drift_history TO regress_normfreeze_reader;
SET ROLE regress_normfreeze_reader;
SELECT name, verdict, label FROM normfreeze.drift_state;
SELECT count(*) > 5 AS readable FROM normfreeze.drift_history;
SELECT count(*) FROM normfreeze.drift_log;
RESET ROLE;

-- an operator or function of somebody else's is not ours, wherever search_path leads
CREATE SCHEMA regress_evil;
CREATE FUNCTION regress_evil.yes(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_evil.yes(bigint, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_evil.yes(jsonb, jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION regress_evil.max(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 666';
CREATE FUNCTION regress_evil.nothing(jsonb, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'evil' $$;
CREATE OPERATOR regress_evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_evil.yes);
CREATE OPERATOR regress_evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = regress_evil.yes);
CREATE OPERATOR regress_evil.= (LEFTARG = jsonb, RIGHTARG = jsonb, FUNCTION = regress_evil.yes);
CREATE OPERATOR regress_evil.->> (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = regress_evil.nothing);
SET search_path = regress_evil, public, pg_catalog;
SELECT normfreeze.record_drift('watched', p, 'day 6') FROM live WHERE day OPERATOR(pg_catalog.=) 1;
SELECT normfreeze.record_drift('watched', p, 'day 6') FROM live WHERE day OPERATOR(pg_catalog.=) 3;
SELECT label, verdict, previous, feature FROM normfreeze.drift_state;
RESET search_path;
SELECT count(*) = max(seq) AS gapless FROM normfreeze.drift_log WHERE scaler_id = :id;

-- a set by key shows its members, those that are watched
RESET ROLE;
SELECT normfreeze.freeze('by key', normfreeze.by_key(k::text, s)) AS set FROM (SELECT id % 3 AS k, normfreeze.fit(s, 'standard', '{"columns": ["a"]}') AS s FROM seen AS s GROUP BY 1) AS q \gset
SELECT normfreeze.promote('by key', 1) = :set AS promoted;
SELECT name, key FROM normfreeze.drift_state WHERE name = 'by key';
SELECT normfreeze.record_drift(normfreeze.member(:set, '1'), (SELECT normfreeze.profile(s, ARRAY['a']) FROM seen AS s WHERE id % 3 = 1), 'one');
SELECT name, key, scaler_id = normfreeze.member(:set, '1') AS of_member, verdict, label FROM normfreeze.drift_state WHERE name = 'by key';

\c :started_in
DROP DATABASE regress_normfreeze_drift;
DROP ROLE regress_normfreeze_watcher;
DROP ROLE regress_normfreeze_reader;
