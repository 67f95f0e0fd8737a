-- What a session keeps of scalers has a bound in bytes, whichever way they are found; results are the same.

CREATE FUNCTION kept_kb() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT COALESCE(sum(total_bytes), 0) / 1024 FROM pg_backend_memory_contexts WHERE name = 'normfreeze scaler');
END $$;

-- 300 scalers of 4 features with 500 quantiles each, about 18 kB
CREATE TABLE cache_fits AS
    SELECT k, normfreeze.fit(ARRAY[sqrt(i * k), (i * k) % 1009, i * k, i + k], 'quantile', '{"n_quantiles": 500, "distribution": false}') AS s
        FROM generate_series(1, 300) AS k, generate_series(1, 500) AS i GROUP BY k;
CREATE TABLE cache_frozen AS SELECT k, normfreeze.freeze('cached ' || k, s) AS id FROM cache_fits;

SET normfreeze.scaler_cache_size = '1GB';
CREATE TABLE cache_right AS SELECT k, normfreeze.normalize(ARRAY[k + 3.5, k, k, k], id) AS y FROM cache_frozen;
SELECT kept_kb() BETWEEN 4000 AND 8000 AS all_are_kept, count(DISTINCT y) AS results FROM cache_right;

-- used alternately by id, by name and by value, in an order that never finds what has just been used
SET normfreeze.scaler_cache_size = '1MB';
SELECT turn, count(*), bool_and(normfreeze.normalize(ARRAY[k + 3.5, k, k, k], id) = y) AS by_id,
        bool_and(normfreeze.normalize(ARRAY[k + 3.5, k, k, k], 'cached ' || k || '@v1') = y) AS by_name,
        bool_and(normfreeze.normalize(ARRAY[k + 3.5, k, k, k], s) = y) AS by_value, max(kept_kb()) <= 1200 AS bound_held
    FROM generate_series(1, 3) AS turn, cache_frozen JOIN cache_right USING (k) JOIN cache_fits USING (k) GROUP BY turn ORDER BY turn;
SELECT kept_kb() BETWEEN 512 AND 1024 AS full_and_within_the_bound;

-- statement by statement, too
DO $$
DECLARE
    wrong int := 0;
    most bigint := 0;
BEGIN
    FOR turn IN 1 .. 2 LOOP
        FOR wanted IN 1 .. 300 LOOP
            wrong := wrong + (SELECT (normfreeze.normalize(ARRAY[k + 3.5, k, k, k], f.id) <> r.y
                    OR normfreeze.normalize(ARRAY[k + 3.5, k, k, k], v.s) <> r.y)::int
                FROM cache_frozen AS f JOIN cache_right AS r USING (k) JOIN cache_fits AS v USING (k) WHERE f.k = wanted);
            most := greatest(most, kept_kb());
        END LOOP;
    END LOOP;
    RAISE NOTICE 'wrong: %; within the bound: %', wrong, most <= 1024;
END $$;

-- one query that needs more at once than may be kept: all stay while it runs, and are dropped when it has ended
SELECT 'SELECT ' || string_agg(format('bool_and(normfreeze.normalize(ARRAY[%1$s + 3.5 + z, %1$s, %1$s, %1$s], %2$s) = %3$L)', k, id, y), ' AND ' ORDER BY k)
    || ' AS same, max(kept_kb()) > 1024 AS more_than_may_be_kept FROM (VALUES (0), (0)) AS rows (z)' AS query
    FROM cache_frozen JOIN cache_right USING (k) WHERE k <= 100 \gset
:query;
SELECT kept_kb() <= 1024 AS within_the_bound;

-- one that is larger than the bound is applied, and not kept
SET normfreeze.scaler_cache_size = '64kB';
SELECT normfreeze.freeze('cached wide', normfreeze.fit(ARRAY[i, -i, i * i, sqrt(i), i % 7, i % 11, 3 * i, 5 * i, 7 * i], 'quantile',
    '{"n_quantiles": 1000, "distribution": false}')) AS wide FROM generate_series(1, 1000) AS i \gset
SELECT (normfreeze.normalize(ARRAY[500, -500, 250000, 22, 3, 5, 1500, 2500, 3500], :wide))[1] AS half, kept_kb() > 64 AS in_use
    FROM generate_series(1, 2);
SELECT kept_kb() <= 64 AS within_the_bound;
SELECT count(DISTINCT normfreeze.normalize(ARRAY[500, -500, 250000, 22, 3, 5, 1500, 2500, 3500], 'cached wide@v1')) AS same FROM generate_series(1, 100);

-- an error does not keep what it was about in use
CREATE FUNCTION refused(id bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM normfreeze.normalize(ARRAY[1.0::float8], id);
EXCEPTION WHEN array_subscript_error THEN RETURN SQLSTATE;
END $$;
SELECT refused(id), count(*) FROM cache_frozen GROUP BY 1;
SELECT kept_kb() <= 64 AS within_the_bound;

-- the setting is raised and lowered at any time
SET normfreeze.scaler_cache_size = '4MB';
SELECT count(normfreeze.normalize(ARRAY[1, 2, 3, 4], id)) FROM cache_frozen;
SELECT kept_kb() BETWEEN 2048 AND 4096 AS full_and_within_the_bound;
SET normfreeze.scaler_cache_size = '256kB';
SELECT normfreeze.normalize(ARRAY[1, 2, 3, 4], id) IS NOT NULL AS one FROM cache_frozen WHERE k = 1;
SELECT kept_kb() <= 256 AS within_the_bound;
-- the bounds in the message have units from PostgreSQL 18 on
\set VERBOSITY sqlstate
SET normfreeze.scaler_cache_size = '63kB';
\set VERBOSITY default
SET normfreeze.scaler_cache_size = 'much';
