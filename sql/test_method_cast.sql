-- the method of a fit as text or varchar: PL/pgSQL, parameters, columns
SET client_min_messages = warning;
CREATE SCHEMA of_methods;
SET search_path = of_methods;
CREATE TABLE points (x float8, y float8, named text);
INSERT INTO points SELECT g, g * g, 'maxabs' FROM generate_series(1, 9) AS g;
CREATE FUNCTION fitted(how text, way varchar) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
	same bool;
	options jsonb := '{"columns": ["x"]}';
BEGIN
	SELECT normfreeze.fit(ARRAY[x], how) = normfreeze.fit(ARRAY[x], way::text) AND normfreeze.fit(p, way, options) = normfreeze.fit(p, how, options)
		AND normfreeze.fit(ARRAY[x::numeric], way, '{}') = normfreeze.fit(ARRAY[x], how)
		AND normfreeze.fit(p, how, options, 2.0) = normfreeze.fit(p, way, options, 2.0)
		AND normfreeze.fit(normfreeze.profile(p, ARRAY['x']), how) = normfreeze.fit(normfreeze.profile(p, ARRAY['x']), way)
		AND normfreeze.fit_table('points', how, options) = normfreeze.fit_table('points', way, options) INTO same FROM points AS p;
	RETURN same;
END
$$;
SELECT how, fitted(how, how::varchar) FROM unnest(ARRAY['standard', 'minmax', 'maxabs']) AS how;
SELECT normfreeze.fit(ARRAY[x], named) = normfreeze.fit(ARRAY[x], 'maxabs') AS by_column FROM points GROUP BY named;
PREPARE by_text(text, varchar) AS SELECT normfreeze.fit(ARRAY[x, y], $1) = normfreeze.fit(ARRAY[x, y], $2) AS same FROM points;
EXECUTE by_text('midrange', 'midrange');
SELECT normfreeze.fit(ARRAY[x], 'stand' || 'ard') = normfreeze.fit(ARRAY[x], 'standard') AS concatenated FROM points;
-- untyped literals mean what they meant, and a plan holds the method of a parameter
EXPLAIN (VERBOSE, COSTS OFF) SELECT normfreeze.fit(ARRAY[x], 'standard') FROM points;
EXPLAIN (VERBOSE, COSTS OFF) EXECUTE by_text('midrange', 'midrange');
-- what is no method
SELECT normfreeze.fit(ARRAY[x], 'standrad'::text) FROM points;
SELECT normfreeze.fit(p, ''::varchar) FROM points AS p;
SELECT normfreeze.fit_table('points', 'Standard'::text);
SELECT normfreeze.fit(normfreeze.profile(ARRAY[x]), 'standard '::text) FROM points;
SELECT normfreeze.fit(ARRAY[x], NULL::text) FROM points;
SELECT normfreeze.fit(ARRAY[x], CASE WHEN x < 5 THEN 'standard' ELSE 'robust' END) FROM points;
SELECT normfreeze.fit(ARRAY[x], 'standrad') FROM points;
DROP SCHEMA of_methods CASCADE;
