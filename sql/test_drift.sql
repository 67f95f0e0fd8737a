-- drift(), drift_bins(): what has moved since a scaler was fitted
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
-- a database of its own: what is frozen stays
\set started_in :DBNAME
CREATE DATABASE regress_normfreeze_drift TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
\c regress_normfreeze_drift
CREATE EXTENSION normfreeze;
SET extra_float_digits = 0;

CREATE TABLE train AS
	SELECT i, i % 1000 AS level, CASE WHEN i % 4 > 0 THEN 0 ELSE (i % 400) / 4.0 END AS spike,
		CASE WHEN i % 20 > 0 THEN (i * 7919 % 10007) / 100.0 END AS part, i % 2 AS flag
	FROM generate_series(1, 20000) AS i;
CREATE TABLE live AS
	SELECT i, i % 1000 + CASE WHEN i % 2 = 0 THEN 600 ELSE 0 END AS level,
		CASE WHEN i % 4 > 0 THEN 0 ELSE (i % 400) / 4.0 END AS spike,
		CASE WHEN i % 3 > 0 THEN (i * 7919 % 10007) / 100.0 END AS part, i % 2 AS flag
	FROM generate_series(1, 4000) AS i;
SELECT normfreeze.freeze('d', normfreeze.fit(t, 'standard', '{"exclude": ["i"]}')) AS id FROM train AS t \gset
SELECT normfreeze.promote('d', 1) = :id AS promoted;
CREATE TABLE p AS SELECT normfreeze.profile(l, :id) AS live FROM live AS l;

-- a row for each feature
SELECT ordinal, feature, verdict, decided_by, threshold, overall, reason, worst_bin FROM p, normfreeze.drift(:id, live);
SELECT feature, reference_rows, live_rows, reference_missing, live_missing, mean_shift::numeric(8, 5) AS mean_shift,
	variance_ratio::numeric(8, 5) AS variance_ratio, outside, psi::numeric(8, 5) AS psi,
	jensen_shannon::numeric(8, 5) AS jensen_shannon, hellinger::numeric(8, 5) AS hellinger,
	wasserstein::numeric(8, 5) AS wasserstein, ks, ks_p_value::numeric(8, 5) AS ks_p_value, cell_mass, p_value::numeric(8, 5) AS p_value
	FROM p, normfreeze.drift('d', live);
SELECT d.* FROM p, normfreeze.drift_bins(:id, live) AS d WHERE feature IN ('level', 'spike', 'flag');

-- the same numbers by id, by ref, from profile to profile, and from merged parts in any order
SELECT count(*) AS features FROM p, normfreeze.drift(:id, live) AS a, normfreeze.drift('d@v1', live) AS b,
	normfreeze.drift(normfreeze.profile_of(:id), live) AS c
	WHERE a.ordinal = b.ordinal AND b.ordinal = c.ordinal AND a::text = b::text AND b::text = c::text;
SELECT count(DISTINCT d::text) AS features FROM (
	SELECT normfreeze.profile(l, :id) AS live FROM live AS l
	UNION ALL
	SELECT normfreeze.merge(part.p) FROM (SELECT normfreeze.profile(l, :id) AS p FROM live AS l GROUP BY i % 7 ORDER BY i % 7 DESC) AS part) AS q,
	normfreeze.drift(:id, live) AS d;

-- nothing has moved: not even where a feature is constant, or always missing
SELECT feature, verdict, psi, ks, ks_p_value, wasserstein, p_value, worst_bin, reason
	FROM normfreeze.drift(normfreeze.profile_of(:id), normfreeze.profile_of(:id));
SELECT d.ordinal, verdict, mean_shift, variance_ratio, outside, psi, ks, p_value, reason
	FROM (SELECT normfreeze.profile(ARRAY[1, NULL]::float8[]) AS same FROM generate_series(1, 500)) AS q, normfreeze.drift(same, same) AS d;
-- or a constant has become another, or something appears, or disappears
SELECT d.ordinal, verdict, decided_by, mean_shift, variance_ratio, outside, worst_bin
	FROM (SELECT normfreeze.profile(ARRAY[1, NULL, 5, i]::float8[]) AS before, normfreeze.profile(ARRAY[2, 5, NULL, 7]::float8[]) AS after
		FROM generate_series(1, 500) AS i) AS q, normfreeze.drift(before, after) AS d;
-- infinities lie outside
SELECT verdict, decided_by, outside, worst_bin
	FROM (SELECT normfreeze.profile(ARRAY[i]::float8[]) AS before,
		normfreeze.profile(ARRAY[CASE WHEN i % 50 = 0 THEN '-Infinity' WHEN i % 50 = 1 THEN 'Infinity' ELSE i::float8 END]) AS after
		FROM generate_series(1, 1000) AS i) AS q, normfreeze.drift(before, after);

-- a verdict needs rows, and proof
SELECT n, verdict, overall, reason FROM (VALUES (1), (20), (66), (67), (200)) AS sizes (n),
	LATERAL (SELECT normfreeze.profile(l, :id) AS live FROM live AS l WHERE i <= n) AS q, normfreeze.drift(:id, q.live) AS d WHERE feature = 'flag';
SELECT verdict, psi > 0.1 AS large, reason FROM
	(SELECT normfreeze.profile(ARRAY[i * 37 % 101]::float8[]) FILTER (WHERE i <= 150) AS before,
		normfreeze.profile(ARRAY[i * 41 % 103]::float8[]) FILTER (WHERE i > 150) AS after FROM generate_series(1, 300) AS i) AS q,
	normfreeze.drift(before, after, '{"bins": 20}');

-- options
SELECT feature, verdict, decided_by, threshold FROM p, normfreeze.drift(:id, live, '{"thresholds": {"psi": null, "mean_shift": [0.9, null]}}');
SELECT feature, verdict FROM p, normfreeze.drift(:id, live, '{"thresholds": {"psi": [5, 6], "mean_shift": null, "missing": null, "outside": null, "variance_ratio": null}}');
SELECT feature, count(*) FILTER (WHERE kind = 'within') AS bins FROM p, normfreeze.drift_bins(:id, live, '{"bins": 4}') GROUP BY ordinal, feature ORDER BY ordinal;
SELECT psi::numeric(8, 4) FROM (VALUES (0.001), (0.0001), (0.00001)) AS e (epsilon), p,
	normfreeze.drift(:id, live, jsonb_build_object('epsilon', epsilon)) WHERE feature = 'level';
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"bins": 1}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"bins": 2.5}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"epsilon": 0}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"alpha": "small"}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"bin": 3}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '[]') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"thresholds": 3}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"thresholds": {"ks": [0.1, 0.2]}}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"thresholds": {"psi": [0.25, 0.1]}}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"thresholds": {"psi": [0, 0.1]}}') AS d;
SELECT d.* FROM p, normfreeze.drift(:id, live, '{"thresholds": {"psi": 0.1}}') AS d;

-- what cannot be compared
SELECT * FROM normfreeze.drift(:id, (SELECT normfreeze.profile(l, :id) FROM live AS l WHERE false));
SELECT d.* FROM p, normfreeze.drift(NULL::bigint, live) AS d;
SELECT d.* FROM p, normfreeze.drift(1, live) AS d;
SELECT d.* FROM p, normfreeze.drift('nobody', live) AS d;
SELECT * FROM normfreeze.drift(:id, (SELECT normfreeze.profile(ARRAY[i, i, i, i]) FROM live));
SELECT * FROM normfreeze.drift(:id, (SELECT normfreeze.profile(l, ARRAY['level', 'i']) FROM live AS l));
SELECT * FROM normfreeze.drift((SELECT normfreeze.profile(ARRAY[i, i, i, i]) FROM live), (SELECT normfreeze.profile(ARRAY[i, i]) FROM live));
SELECT normfreeze.freeze('plain', normfreeze.fit(t, 'standard', '{"columns": ["level"], "distribution": false}')) AS plain FROM train AS t \gset
SELECT * FROM normfreeze.drift(:plain, (SELECT normfreeze.profile(l, :plain) FROM live AS l));
SELECT normfreeze.freeze('secret', normfreeze.fit(t, 'minmax', '{"columns": ["level"]}'), keep_profile => false) AS secret FROM train AS t \gset
SELECT * FROM normfreeze.drift(:secret, (SELECT normfreeze.profile(l, :secret) FROM live AS l));
SELECT normfreeze.freeze('given', normfreeze.from_sklearn('{"class": "StandardScaler", "mean_": [0], "scale_": [1], "feature_names_in_": ["level"]}')) AS given \gset
SELECT * FROM normfreeze.drift(:given, (SELECT normfreeze.profile(l, :given) FROM live AS l));
SELECT normfreeze.freeze('keyed', normfreeze.by_key(flag::text, s)) AS keyed FROM
	(SELECT flag, normfreeze.fit(t, 'standard', '{"columns": ["level"]}') AS s FROM train AS t GROUP BY flag) AS q \gset
SELECT d.* FROM p, normfreeze.drift(:keyed, live) AS d;
-- but each member can
SELECT flag, feature, verdict, decided_by FROM
	(SELECT flag, normfreeze.profile(l, ARRAY['level']) AS live FROM live AS l GROUP BY flag) AS q,
	normfreeze.drift(normfreeze.member(:keyed, flag::text), q.live) ORDER BY flag;

-- further live columns are ignored, and rows need not have targets
SELECT feature, verdict FROM (SELECT normfreeze.profile(l, ARRAY['i', 'flag', 'part', 'spike', 'level']) AS live FROM live AS l) AS q, normfreeze.drift(:id, live);
SELECT normfreeze.freeze('target', normfreeze.fit(t, 'standard', '{"columns": ["level", "part"], "target": ["part"]}')) AS target FROM train AS t \gset
SELECT ordinal, feature, verdict FROM (SELECT normfreeze.profile(l, :target) AS live FROM live AS l) AS q, normfreeze.drift(:target, live);

-- who may not see the evidence may not compare with it
CREATE ROLE regress_reader;
GRANT SELECT ON p TO regress_reader;
SET ROLE regress_reader;
SELECT d.* FROM p, normfreeze.drift(:id, live) AS d;
SELECT d.* FROM p, normfreeze.drift('d', live) AS d;
SELECT count(*) FROM p, normfreeze.drift(live, live);
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_reader;
SET ROLE regress_reader;
SELECT d.* FROM p, normfreeze.drift(:id, live) AS d;
RESET ROLE;
GRANT SELECT ON normfreeze.profiles TO regress_reader;
SET ROLE regress_reader;
SELECT count(*) FROM p, normfreeze.drift(:id, live);
RESET ROLE;

-- arrays: a profile for a scaler takes them by position and has its names
CREATE TABLE arrays AS SELECT i, ARRAY[i % 17, i * 7 % 23] AS v, i % 17 AS a, i * 7 % 23 AS b FROM generate_series(1, 2000) AS i;
SELECT normfreeze.freeze('named arrays', normfreeze.fit(v, 'standard', '{"names": ["a", "b"]}')) AS named,
       normfreeze.freeze('arrays', normfreeze.fit(v, 'standard')) AS unnamed FROM arrays \gset
SELECT normfreeze.profile(v, :named) = normfreeze.profile(t, ARRAY['a', 'b']) AS as_of_rows, normfreeze.profile(v, :unnamed) = normfreeze.profile(v) AS as_of_arrays,
       normfreeze.profile(v::real[], :named) = normfreeze.profile(v, :named) AND normfreeze.profile(v::float8[], :named) = normfreeze.profile(v, :named)
       AND normfreeze.profile(v::smallint[], :named) = normfreeze.profile(v, :named) AND normfreeze.profile(v::bigint[], :named) = normfreeze.profile(v, :named)
       AND normfreeze.profile(v::numeric[], :named) = normfreeze.profile(v, :named) AS of_all_types
FROM arrays AS t;
SELECT feature, verdict FROM normfreeze.drift('named arrays@v1', (SELECT normfreeze.profile(v, :named) FROM arrays)) ORDER BY ordinal;
SELECT ordinal, verdict FROM normfreeze.drift(:unnamed, (SELECT normfreeze.profile(v, :unnamed) FROM arrays)) ORDER BY ordinal;
-- groups, merged, are all of it
SELECT normfreeze.merge(p) = (SELECT normfreeze.profile(v, :named) FROM arrays) AS merged
FROM (SELECT normfreeze.profile(v, :named) AS p FROM arrays GROUP BY i % 5) AS groups;
-- targets are not asked for
SELECT normfreeze.freeze('target arrays', normfreeze.fit(v || a, 'standard', '{"names": ["a", "b", "y"], "target": "y"}')) AS target FROM arrays \gset
SELECT feature, verdict FROM normfreeze.drift(:target, (SELECT normfreeze.profile(v, :target) FROM arrays)) ORDER BY ordinal;
SELECT normfreeze.profile(v, :named) IS NULL AS of_no_rows FROM arrays WHERE false;
SELECT normfreeze.profile(NULL::int[], :named) IS NULL AS of_nulls FROM arrays;
SELECT normfreeze.profile(v || 1, :named) FROM arrays;
SELECT normfreeze.profile(CASE WHEN i > 5 THEN v || 1 ELSE v END, :named) FROM arrays;
SELECT normfreeze.profile(v || 1, :unnamed) FROM arrays;
SELECT normfreeze.profile('{}'::int[], :named) FROM arrays;
SELECT normfreeze.profile(v, CASE WHEN i > 5 THEN :named ELSE :unnamed END) FROM arrays;
SELECT normfreeze.profile(v, NULL::bigint) FROM arrays;
SELECT normfreeze.profile(v, 5) FROM arrays;
DROP TABLE arrays;

\c :started_in
DROP DATABASE regress_normfreeze_drift;
DROP ROLE regress_reader;
