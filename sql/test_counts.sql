-- counters at their limits: an error, never a number that has wrapped
\set VERBOSITY default

-- two rows, merged with themselves until there are 2^62
CREATE FUNCTION doubled(p normfreeze.profile, times integer) RETURNS normfreeze.profile LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. times LOOP
		p := (SELECT normfreeze.merge(p) FROM generate_series(1, 2));
	END LOOP;
	RETURN p;
END $$;
CREATE TABLE two AS SELECT doubled(normfreeze.profile(v), 61) AS p FROM (VALUES (1.0::float8, 2), (3, NULL)) AS v (a, b);

SELECT d.feature, d.n, d.missing, d.mean, d.std FROM two, normfreeze.describe(normfreeze.fit(p, 'standard')) AS d;
SELECT p::text::normfreeze.profile = p AS read_again FROM two;

-- 2^63 are more than a bigint can count; 2^63 - 1 are not
SELECT normfreeze.merge(p) FROM two, generate_series(1, 2);
SELECT doubled(p, 5) FROM two;
CREATE TABLE most AS
	SELECT (SELECT normfreeze.merge(q) FROM (SELECT two.p UNION ALL SELECT doubled(one.p, i) FROM generate_series(0, 61) AS i) AS parts (q)) AS p
	FROM two, (SELECT normfreeze.profile(v) AS p FROM (VALUES (1.0::float8, 2)) AS v (a, b)) AS one;
SELECT d.feature, d.n, d.missing, d.n + d.missing AS rows FROM most, normfreeze.describe(normfreeze.fit(p, 'minmax')) AS d;
SELECT p::text::normfreeze.profile = p AS read_again FROM most;
SELECT normfreeze.merge(q) FROM most, LATERAL (SELECT p UNION ALL SELECT normfreeze.profile(v) FROM (VALUES (1.0::float8, 2)) AS v (a, b)) AS parts (q);

-- a state of somebody's own aggregate, to which rows are added
CREATE AGGREGATE state_of(normfreeze.profile) (SFUNC = normfreeze.merge_transition, STYPE = normfreeze.fit_state);
SELECT state_of(p) AS state FROM most \gset
CREATE AGGREGATE more_of(record) (SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final, INITCOND = :'state');
SELECT more_of(v) FROM (VALUES (1.0::float8, 2)) AS v (a, b);

-- features that are fitted together have more values than each of them
SELECT normfreeze.fit(p, 'standard', '{"global": true}') FROM most;

-- and so have the members of a set
SELECT normfreeze.freeze('most', normfreeze.by_key(k, normfreeze.fit(p, 'standard'))) FROM most, unnest(ARRAY['x', 'y']) AS k;

-- logs, if somebody has inserted the last number there is
BEGIN;
SELECT normfreeze.freeze('last', normfreeze.fit(p, 'standard')) IS NOT NULL AS frozen FROM two;
INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user)
	VALUES ('last', 2147483647, 'review', 1, 'promote', now(), 'x', 'x');
SELECT normfreeze.promote('last', 1);
ROLLBACK;

-- a set where one scaler is meant is an error, and no reference to it is kept
CREATE TABLE sets AS
	SELECT i, normfreeze.freeze('set' || i, s) AS id
	FROM (SELECT i, normfreeze.by_key('k' || i, normfreeze.fit(p, 'standard')) AS s FROM two, generate_series(1, 300) AS i GROUP BY i) AS made;
SELECT normfreeze.profile(v, id) FROM sets, (VALUES (1.0::float8, 2)) AS v (a, b) WHERE i = 1;
DO $$
DECLARE r record;
BEGIN
	FOR r IN SELECT id FROM sets LOOP
		BEGIN
			PERFORM normfreeze.profile(v, r.id) FROM (VALUES (1.0::float8, 2)) AS v (a, b);
		EXCEPTION WHEN others THEN NULL;
		END;
		BEGIN
			PERFORM normfreeze.profile(ARRAY[1, 2], r.id);
		EXCEPTION WHEN others THEN NULL;
		END;
	END LOOP;
END $$;
SET normfreeze.scaler_cache_size = '64kB';
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], id, 'k1') IS NOT NULL AS looked_up FROM sets WHERE i = 1;
SELECT sum(total_bytes) <= 65536 AS all_let_go FROM pg_backend_memory_contexts WHERE name = 'normfreeze scaler';
DROP AGGREGATE more_of(record);
DROP AGGREGATE state_of(normfreeze.profile);
DROP FUNCTION doubled;
DROP TABLE two, most, sets;
