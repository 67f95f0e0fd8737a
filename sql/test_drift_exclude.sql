-- features that are left out of a comparison count for nothing
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE train AS
	SELECT i % 1000 AS level, i % 7 AS "x"", ""level", CASE WHEN i % 20 > 0 THEN i % 10 END AS part FROM generate_series(1, 20000) AS i;
CREATE TABLE live AS
	SELECT level + 600 AS level, "x"", ""level", CASE WHEN level % 20 > 1 THEN part END AS part FROM train LIMIT 4000;
SELECT normfreeze.freeze('watched_part', normfreeze.fit(t, 'standard')) AS id FROM train AS t \gset
CREATE TABLE p AS SELECT normfreeze.profile(l, :id) AS live FROM live AS l;

SELECT ordinal, feature, verdict, overall FROM p, normfreeze.drift(:id, live);
SELECT ordinal, feature, verdict, overall FROM p, normfreeze.drift('watched_part@v1', live, '{"exclude": ["level"]}');
SELECT ordinal, feature, verdict, overall FROM p, normfreeze.drift(normfreeze.profile_of(:id), live, '{"exclude": ["level", "part", "level"]}');
SELECT DISTINCT ordinal, feature FROM p, normfreeze.drift_bins('watched_part@v1', live, '{"exclude": ["part"]}') ORDER BY 1;
-- not for the correction of the others' p-values either
SELECT one.p_value < three.p_value AS less FROM p,
	normfreeze.drift(:id, live, '{"exclude": ["level", "x\", \"level"]}') AS one, normfreeze.drift(:id, live, '{"exclude": []}') AS three
	WHERE one.feature = three.feature;
-- and they need not be there
SELECT feature FROM normfreeze.drift(:id, (SELECT normfreeze.profile(l, ARRAY['part', 'x", "level']) FROM live AS l), '{"exclude": ["level"]}');

SELECT d.* FROM p, normfreeze.drift(:id, live, '{"exclude": "level"}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"exclude": ["level", null]}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"exclude": ["Level"]}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"exclude": ["level", "part", "x\", \"level"]}') AS d;
SELECT d.* FROM (SELECT normfreeze.profile(ARRAY[1, level]) AS same FROM live) AS q, normfreeze.drift(same, same, '{"exclude": ["level"]}') AS d;
SELECT * FROM normfreeze.drift((SELECT normfreeze.profile(ARRAY[1, level]) FROM live), (SELECT normfreeze.profile(ARRAY[level]) FROM live));

-- a record says what was left out
BEGIN;
SELECT normfreeze.record_drift(:id, live, 'all'), normfreeze.record_drift(:id, live, 'all', '{"exclude": ["level", "part"]}') FROM p;
SELECT seq, verdict, options -> 'exclude' AS excluded FROM normfreeze.drift_log WHERE scaler_id = :id ORDER BY seq;
-- and is repeated as it was
SELECT normfreeze.record_drift(:id, live, 'all', options) FROM p, normfreeze.drift_log WHERE scaler_id = :id AND seq = 2;
SELECT count(*) FROM normfreeze.drift_log WHERE scaler_id = :id;
ROLLBACK;

DROP TABLE p, train, live;
