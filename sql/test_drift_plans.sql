-- drift() has the same bits whatever the order of rows, their parts and the plan
SET extra_float_digits = 3;
CREATE TABLE plan_rows AS
	SELECT i, i <= 30000 AS train, mod(i * 2654435761, 1000003) / 997.0::float8 AS spread,
		(mod(i * 40503, 65537) - 32768) * 1e-7::float8 * CASE WHEN i > 30000 AND mod(i, 5) = 0 THEN 3 ELSE 1 END AS fine,
		mod(i * 7919, 104729) * 1e15::float8 * CASE WHEN mod(i, 2) = 0 THEN 1 ELSE -1 END AS wide,
		CASE WHEN mod(i, 13) = 0 OR i > 30000 AND mod(i, 7) = 0 THEN NULL WHEN mod(i, 17) = 0 THEN 'NaN'
			WHEN mod(i, 4001) = 0 THEN 'Infinity' ELSE mod(i, 21)::float8 END AS part
	FROM generate_series(1, 50000::bigint) AS i;
ANALYZE plan_rows;

-- the rows of drift() and drift_bins() as text, which is exact
CREATE FUNCTION drift_text(before normfreeze.profile, after normfreeze.profile) RETURNS text LANGUAGE sql AS $$
	SELECT (SELECT string_agg(d::text, E'\n' ORDER BY ordinal) FROM normfreeze.drift(before, after) AS d) || E'\n' ||
		(SELECT string_agg(b::text, E'\n' ORDER BY ordinal, bin) FROM normfreeze.drift_bins(before, after) AS b)
$$;
CREATE FUNCTION drift_of(source text, OUT answer text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT drift_text(before, after) FROM
		(SELECT normfreeze.profile(ARRAY[spread, fine, wide, part]) FILTER (WHERE train) AS before,
			normfreeze.profile(ARRAY[spread, fine, wide, part]) FILTER (WHERE NOT train) AS after FROM %s) AS q', source) INTO answer;
END $$;
-- of profiles of parts, merged in the order of an expression
CREATE FUNCTION drift_of_parts(part text, expression text, OUT answer text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT drift_text(before, after) FROM
		(SELECT normfreeze.merge(p ORDER BY %2$s) FILTER (WHERE train) AS before, normfreeze.merge(p ORDER BY %2$s) FILTER (WHERE NOT train) AS after
			FROM (SELECT train, %1$s AS part, normfreeze.profile(ARRAY[spread, fine, wide, part]) AS p FROM plan_rows GROUP BY 1, 2) AS parts) AS q',
		part, expression) INTO answer;
END $$;

SET max_parallel_workers_per_gather = 0;
CREATE TABLE plan_found AS
	SELECT 'as they come' AS what, drift_of('plan_rows') AS found
	UNION ALL SELECT 'backwards', drift_of('(SELECT * FROM plan_rows ORDER BY i DESC) AS r')
	UNION ALL SELECT 'shuffled', drift_of('(SELECT * FROM plan_rows ORDER BY mod(i * 7919, 50021)) AS r')
	UNION ALL SELECT 'by value', drift_of('(SELECT * FROM plan_rows ORDER BY wide, fine) AS r')
	UNION ALL SELECT 'halves', drift_of_parts('i % 2', 'part')
	UNION ALL SELECT 'parts', drift_of_parts('i % 97', 'part * 31 % 97')
	UNION ALL SELECT 'very unequal parts', drift_of_parts('floor(ln(i))', '-part')
	UNION ALL SELECT 'parts by value', drift_of_parts('floor(spread / 50)', 'part');

-- and in parallel
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ALTER TABLE plan_rows SET (parallel_workers = 2);
EXPLAIN (COSTS OFF) SELECT normfreeze.profile(ARRAY[spread, fine, wide, part]) FROM plan_rows;
INSERT INTO plan_found SELECT 'parallel', drift_of('plan_rows');
INSERT INTO plan_found SELECT 'parallel, hashed parts', drift_of_parts('i % 5', 'part');

SELECT count(*) AS ways, count(DISTINCT found) AS results, min(regexp_count(found, E'\n')) > 30 AS substantial FROM plan_found;
-- the comparison can fail: a row fewer is seen
SELECT count(DISTINCT found) FROM (SELECT found FROM plan_found UNION ALL SELECT drift_of('(SELECT * FROM plan_rows WHERE i > 1) AS r')) AS q;

-- drift() itself may be run by workers
CREATE FUNCTION drift_in_worker(before normfreeze.profile, after normfreeze.profile) RETURNS text LANGUAGE plpgsql PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT string_agg(d::text, ' ' ORDER BY ordinal) FROM normfreeze.drift(before, after) AS d);
END $$;
CREATE TABLE plan_profiles AS SELECT mod(i, 50) AS day, normfreeze.profile(ARRAY[spread, fine, wide, part]) AS p FROM plan_rows GROUP BY 1;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE plan_serial AS SELECT a.p, b.p AS other, drift_in_worker(a.p, b.p) AS found
	FROM plan_profiles AS a, plan_profiles AS b WHERE b.day = mod(a.day + 7, 50);
SET max_parallel_workers_per_gather = 2;
ALTER TABLE plan_serial SET (parallel_workers = 2);
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM plan_serial WHERE found = drift_in_worker(p, other);
SELECT count(*) FROM plan_serial WHERE found = drift_in_worker(p, other);

DROP TABLE plan_rows, plan_found, plan_profiles, plan_serial;
DROP FUNCTION drift_in_worker, drift_text, drift_of, drift_of_parts;
