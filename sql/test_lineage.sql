-- Who uses which scaler, what happened to a name, and what was where at a time.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE ROLE regress_consumer;
CREATE FUNCTION lineage_make(x float8) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(ARRAY[v * x, v + x + 1000], 'standard', '{"names": ["a", "b"]}') FROM pg_catalog.generate_series(1, 9) AS v
$$;
SELECT normfreeze.freeze('li', lineage_make(2), 'first') AS v1 \gset
SELECT normfreeze.freeze('li', lineage_make(3), E'second; --\n*/ "quoted"') AS v2 \gset
SELECT normfreeze.freeze('li', lineage_make(4)) AS v3 \gset

-- uses: what is so already is not registered again, a move and a return are
SELECT normfreeze.register_use(:v1, 'model x', 'model', 'trained on friday') AS first, normfreeze.register_use(:v1, 'model x', 'model', 'again') AS same,
	normfreeze.register_use(:v1, 'model x', 'service') AS another_kind, normfreeze.register_use('li@v1', 'public.scored', 'table') AS by_ref;
SELECT normfreeze.register_use(:v2, 'model x', 'model', 'trained anew') AS moved;
SELECT normfreeze.register_use(:v2, 'model x', 'model') AS moved_already;
SELECT normfreeze.register_use(:v1, 'model x', 'model') AS back;
SELECT scaler_id = :v1 AS of_v1, seq, consumer, kind, note, registered_by = current_user AS by_me, registered_session_user = session_user AS me
FROM normfreeze.use_log WHERE scaler_id IN (:v1, :v2) ORDER BY at;
SELECT consumer, kind, name, version, scaler_id = :v1 AS same, stages, retired, note FROM normfreeze.uses WHERE name = 'li' ORDER BY 1, 2;

-- bad input
SELECT normfreeze.register_use(NULL::bigint, 'x', 'model');
SELECT normfreeze.register_use(:v1, NULL, 'model');
SELECT normfreeze.register_use(:v1, 'x', NULL);
SELECT normfreeze.register_use(:v1, '', 'model');
SELECT normfreeze.register_use(:v1, repeat('x', 201), 'model');
SELECT normfreeze.register_use(:v1, 'x', '');
SELECT normfreeze.register_use(5, 'x', 'model');
SELECT normfreeze.register_use('li@v9', 'x', 'model');
BEGIN READ ONLY;
SELECT normfreeze.register_use(:v1, 'x', 'model');
ROLLBACK;
SELECT normfreeze.register_use(:v1, E'it''s "x"; --\n*/ ]]>', 'other', E'\\ ''') IS NOT NULL AS hostile_names_are_names;
SET ROLE regress_consumer;
SELECT normfreeze.register_use(:v1, 'x', 'model');
SELECT * FROM normfreeze.lineage('li');
SELECT * FROM normfreeze.stage_as_of(:v1, now());
RESET ROLE;
UPDATE normfreeze.use_log SET note = 'x';
DELETE FROM normfreeze.use_log;
\set VERBOSITY terse
INSERT INTO normfreeze.use_log VALUES (1, 1, 'x', '', NULL, now(), 'x', 'x');
INSERT INTO normfreeze.use_log VALUES (1, 1, '', 'table', NULL, now(), 'x', 'x');
\set VERBOSITY default
BEGIN;
INSERT INTO normfreeze.use_log VALUES (17, 2, 'x', 'table', NULL, now(), 'x', 'x');
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;
-- with EXECUTE alone one may register by id
GRANT EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) TO regress_consumer;
SET ROLE regress_consumer;
SELECT normfreeze.register_use(:v3, 'hers', 'job') AS hers;
RESET ROLE;

-- all that happened to a name
SELECT normfreeze.promote('li', 1, note => 'go') IS NOT NULL, normfreeze.promote('li', 2, 'staging') IS NOT NULL, normfreeze.promote('li', 2) IS NOT NULL,
	normfreeze.rollback('li', note => 'worse') IS NOT NULL, normfreeze.retire('li', 2) IS NOT NULL;
SELECT normfreeze.record_drift(:v1, normfreeze.profile(r), 'today') FROM (SELECT v + 3.0 AS a, v * 2.0 AS b FROM generate_series(1, 9) AS v) AS r;
SELECT normfreeze.freeze('li', normfreeze.fit(r, 'standard')) AS v4 FROM (SELECT v AS a, v * v + 1000 AS b FROM generate_series(1, 2000) AS v) AS r \gset
SELECT normfreeze.record_drift(:v4, normfreeze.profile(r)) FROM (SELECT v + 3000.0 AS a, v * v + 1000 AS b FROM generate_series(1, 2000) AS v) AS r;
SELECT normfreeze.purge_profile(:v2, 'by request') AS purged;
SELECT event, version, scaler_id IN (:v1, :v2, :v3, :v4) AS ours, stage, key, consumer, who = current_user AS by_me, who_session_user = session_user AS me, detail
FROM normfreeze.lineage('li');
SELECT bool_and(at >= before) AS in_order FROM (SELECT at, lag(at) OVER (ORDER BY ordinality) AS before FROM normfreeze.lineage('li') WITH ORDINALITY) AS l;
SELECT * FROM normfreeze.lineage('nobody');
SELECT * FROM normfreeze.lineage(NULL);
SELECT * FROM normfreeze.lineage(E'li''; DROP TABLE x; --');

-- imported and mirrored
SELECT action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('li') AS e), 'li there', stages => true);
SELECT event, version, stage, replace(detail, current_database(), 'here') AS detail FROM normfreeze.lineage('li there') WHERE event NOT IN ('used', 'drift');
SELECT action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('li') AS e), 'li mirror', mirror => true);
SELECT event, version, stage, replace(detail, current_database(), 'here') AS detail FROM normfreeze.lineage('li mirror') WHERE event NOT IN ('used', 'drift');
BEGIN;
INSERT INTO normfreeze.versions SELECT 'li forged', 1, scaler_id, frozen_at, frozen_by, frozen_session_user, note, metadata, row_count, server_version,
	extension_version, '{"mirrored_at": "soon", "name": 7, "database": {"x": []}}' FROM normfreeze.versions WHERE name = 'li' AND version = 3;
SELECT event, version, detail FROM normfreeze.lineage('li forged') WHERE event <> 'used';
ROLLBACK;

-- sets by key: the set and the scalers of its keys
SELECT normfreeze.freeze('li set', normfreeze.by_key(k, lineage_make(i))) AS set_id FROM (VALUES ('x''y', 11), ('z', 12)) AS v (k, i) \gset
SELECT normfreeze.register_use(:set_id, 'all keys', 'view') AS of_the_set, normfreeze.register_use(normfreeze.member(:set_id, 'z'), 'only z', 'report') AS of_a_key;
SELECT normfreeze.purge_profile(normfreeze.member(:set_id, 'z'), 'customer z');
SELECT event, version, key, consumer, scaler_id = :set_id AS of_the_set, detail FROM normfreeze.lineage('li set');
SELECT consumer, name, version, key FROM normfreeze.uses WHERE name = 'li set' ORDER BY 1;

-- a history of known times: v1, v2, v3 promoted at 1, 2, 3 o'clock, back to v2 at 4, back to v1 at 5, v2 retired at 6
SELECT normfreeze.freeze('li clock', lineage_make(5)) AS c1 \gset
SELECT normfreeze.freeze('li clock', lineage_make(6)) AS c2 \gset
SELECT normfreeze.freeze('li clock', lineage_make(7)) AS c3 \gset
INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user)
SELECT 'li clock', seq, CASE WHEN action <> 'retire' THEN 'production' END, version, action, timestamptz '2100-01-01 00:00+00' + seq * interval '1 hour', 'me', 'me'
FROM (VALUES (1, 1, 'promote'), (2, 2, 'promote'), (3, 3, 'promote'), (4, 2, 'rollback'), (5, 1, 'rollback'), (6, 2, 'retire')) AS e (seq, version, action);
CREATE TABLE lineage_predictions AS
	SELECT v.version, v.scaler_id, h AS hour, timestamptz '2100-01-01 00:30+00' + h * interval '1 hour' AS made_at
	FROM (VALUES (1, :c1), (2, :c2), (3, :c3)) AS v (version, scaler_id), generate_series(0, 6) AS h;
SET TimeZone = 'UTC';
SELECT p.version, p.hour, s.state, s.stage, s.since::time, s.until::time, s.rolled_back_at::time, s.retired_at::time
FROM lineage_predictions AS p, normfreeze.stage_as_of(p.scaler_id, p.made_at) AS s ORDER BY 1, 2;
-- the same stages as by name
SELECT bool_and((s.stage IS NOT NULL) = (p.scaler_id = h.scaler_id)) AS agrees, count(*)
FROM lineage_predictions AS p
CROSS JOIN LATERAL normfreeze.stage_as_of(p.scaler_id, p.made_at) AS s
JOIN normfreeze.stage_history AS h ON h.name = 'li clock' AND h.stage = 'production' AND p.made_at >= h.valid_from AND (p.made_at < h.valid_to OR h.valid_to IS NULL);
SELECT state FROM normfreeze.stage_as_of(:c1, '2000-01-01');
SELECT state FROM normfreeze.stage_as_of(:c1, '-infinity');
SELECT state, stage, until FROM normfreeze.stage_as_of(:c1, 'infinity');
SELECT count(*) FROM normfreeze.stage_as_of(5, now());
SELECT count(*) FROM normfreeze.stage_as_of(NULL, now());
SELECT count(*) FROM normfreeze.stage_as_of(:v1, NULL);
SELECT name, version, key, state FROM normfreeze.stage_as_of(normfreeze.member(:set_id, 'z'), now());
-- an entry that no time is left for, since a clock was set back
BEGIN;
INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user)
VALUES ('li clock', 7, 'production', 3, 'promote', '2100-01-01 00:45+00', 'me', 'me');
SELECT p.version, p.hour, s.state FROM lineage_predictions AS p, normfreeze.stage_as_of(p.scaler_id, p.made_at) AS s WHERE p.hour IN (0, 1) ORDER BY 1, 2;
ROLLBACK;
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
RESET TimeZone;
DROP TABLE lineage_predictions;
REVOKE EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) FROM regress_consumer;
DROP ROLE regress_consumer;
