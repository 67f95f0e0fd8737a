-- Values that come anew with each execution are decoded once a session, and never taken for each other.

CREATE TABLE xs (a float8, b float8);
INSERT INTO xs SELECT i, i * i FROM generate_series(1, 9) AS i;

CREATE TABLE stored AS
    SELECT k, normfreeze.fit(ARRAY[a * k, b + k], 'standard') AS s FROM xs, generate_series(1, 300) AS k GROUP BY k;

-- right for each of more values than are kept, over and over, also for two that are used in one row
CREATE FUNCTION applied(x float8[], s normfreeze.scaler) RETURNS float8[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN normfreeze.normalize(x, s);
END $$;
SELECT turn, count(*), bool_and(applied(ARRAY[5 * k, 5 + k], s) = right_one) AS right_ones
    FROM generate_series(1, 3) AS turn, stored,
        LATERAL (SELECT ARRAY[(5 * k - avg(a * k)) / stddev_pop(a * k), (5 + k - avg(b + k)) / stddev_pop(b + k)] AS right_one FROM xs) AS r
    GROUP BY turn ORDER BY turn;
SELECT count(*), bool_and(normfreeze.normalize(ARRAY[a.k, 1.0], a.s) = applied(ARRAY[a.k, 1.0], a.s)
        AND normfreeze.normalize(ARRAY[a.k, 1.0], b.s) = applied(ARRAY[a.k, 1.0], b.s)) AS same
    FROM stored AS a JOIN stored AS b ON b.k = 301 - a.k;

-- equal recipes of different evidence have different ids, which errors tell
CREATE FUNCTION error_of(s normfreeze.scaler) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM normfreeze.normalize(ARRAY[1.0::float8], s);
EXCEPTION WHEN array_subscript_error THEN
    RETURN replace(SQLERRM, normfreeze.id_of(s)::text, 'ID');
END $$;
CREATE TABLE alike AS
    SELECT normfreeze.fit(ARRAY[a, b], 'minmax') AS s FROM xs
    UNION ALL SELECT normfreeze.fit(ARRAY[a, b], 'minmax') FROM (SELECT * FROM xs UNION ALL SELECT * FROM xs WHERE a = 5) AS more
    UNION ALL SELECT normfreeze.fit(ARRAY[a, b], 'minmax', '{"distribution": false}') FROM xs;
SELECT count(DISTINCT normfreeze.id_of(s)) AS ids, count(DISTINCT error_of(s)) AS messages, min(error_of(s)) AS message FROM alike;

-- generated columns, and prepared statements
DO $$
BEGIN
    EXECUTE format('CREATE TABLE generated (x float8[], y float8[] GENERATED ALWAYS AS (normfreeze.normalize(x, %L::normfreeze.scaler)) STORED, '
                   'z float8[] GENERATED ALWAYS AS (normfreeze.denormalize(x, %L::normfreeze.scaler)) STORED)',
                   (SELECT s FROM stored WHERE k = 1), (SELECT s FROM stored WHERE k = 2));
END $$;
INSERT INTO generated SELECT ARRAY[a, b] FROM xs WHERE a < 3;
INSERT INTO generated SELECT ARRAY[a, b] FROM xs WHERE a >= 3;
SELECT count(*), bool_and(y = normfreeze.normalize(x, one.s)) AS y, bool_and(z = normfreeze.denormalize(x, two.s)) AS z
    FROM generated, stored AS one, stored AS two WHERE one.k = 1 AND two.k = 2;

-- one that a query is using stays while others take its place, and what it used is let go of when the query ends
SELECT count(*), bool_and(n = normfreeze.normalize(ARRAY[1.0::float8, 2.0], first.s)) AS same
    FROM (SELECT s FROM stored WHERE k = 7) AS first, LATERAL (SELECT normfreeze.normalize(ARRAY[1.0::float8, 2.0], first.s) AS n) AS kept,
        LATERAL (SELECT applied(ARRAY[1.0, 2.0], s) FROM stored) AS others;

-- an array of another length is refused each time, and the scaler applies all the same
CREATE FUNCTION refused() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM normfreeze.normalize(ARRAY[1.0::float8], s) FROM (SELECT s FROM stored WHERE k = 3) AS q;
    RETURN 'no error';
EXCEPTION WHEN array_subscript_error THEN RETURN SQLSTATE;
END $$;
SELECT refused(), refused(), (SELECT applied(ARRAY[3.0, 4.0], s) IS NOT NULL FROM stored WHERE k = 3) AS applied;
