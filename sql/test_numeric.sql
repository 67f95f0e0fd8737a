-- numerics as features: the nearest float8, whether they have few digits or many.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
SELECT setseed(0.25);
-- every number of digits before and behind the point, signs, and neighbours of what float8 holds exactly
CREATE TABLE numerics AS
	SELECT (sign * round((random() * 10 ^ digits)::numeric, 0) * 10::numeric ^ scale)::numeric AS n
	FROM generate_series(1, 40) AS i, generate_series(0, 20) AS digits, generate_series(-30, 30, 2) AS scale, unnest(ARRAY[1, -1]) AS sign;
INSERT INTO numerics SELECT (9007199254740992 + d) * 10::numeric ^ scale FROM generate_series(-3, 3) AS d, generate_series(-44, 40) AS scale;
INSERT INTO numerics SELECT n FROM unnest('{0, 0.0, 1e-130, -1e-130, 1e130, 9999999999999999, 0.00000001, 99999999.99999999, 1e22, 1e23, 123e-22, 1.5, 10000, 1e308, NaN, Infinity, -Infinity}'::numeric[]) AS n;
-- stored with short and long headers, and toasted
ALTER TABLE numerics ADD long numeric;
UPDATE numerics SET long = n + 0.0::numeric(200, 150) WHERE n > -1e20 AND n < 1e20;
SELECT count(*) > 50000 AS many, count(*) FILTER (WHERE float8send(z[1]) IS DISTINCT FROM float8send(n::text::float8)) AS unequal,
	count(*) FILTER (WHERE long IS NOT NULL AND float8send(z[2]) IS DISTINCT FROM float8send(n::text::float8)) AS unequal_long
FROM (SELECT n, long, normfreeze.normalize(ARRAY[n, long], s.identity) AS z
	FROM numerics, (SELECT normfreeze.fit(ARRAY[1, 2], 'identity') AS identity) AS s) AS q;
-- what float8 has as its least value, and below it
SELECT normfreeze.normalize(ARRAY[5e-324, 2e-324, 3e-324, 1e-400, -1e-400]::numeric[], normfreeze.fit(ARRAY[1, 2, 3, 4, 5], 'identity'));
SELECT normfreeze.normalize(ARRAY[1e309]::numeric[], normfreeze.fit(ARRAY[1], 'identity'));
