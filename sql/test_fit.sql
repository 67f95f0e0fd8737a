-- Fitting: what each method makes of simple data, and every option.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE cars (id int, doors smallint, weight int, mileage bigint, power real, price numeric, electric boolean,
	maker text, split text);
INSERT INTO cars
	SELECT i, 3 + i % 3, 900 + 37 * (i % 11), 1000000007::bigint * (i % 5), 50.5 + i, 100.25 * i, i % 4 = 0,
		'maker ' || i % 3, CASE WHEN i % 5 = 0 THEN 'test' ELSE 'train' END
	FROM generate_series(1, 40) AS i;

-- every numeric type, and boolean
SELECT feature, method, center, scale, n, missing, min, max, std
FROM normfreeze.describe((
	SELECT normfreeze.fit(c, 'standard', '{"exclude": ["id", "maker", "split"]}') FROM cars AS c));
-- the same from arrays of every type
SELECT DISTINCT normfreeze.id_of(s) FROM (
	SELECT normfreeze.fit(ARRAY[weight, doors]::double precision[], 'standard') AS s FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors]::real[], 'standard') FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors]::smallint[], 'standard') FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors]::int[], 'standard') FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors]::bigint[], 'standard') FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors]::numeric[], 'standard') FROM cars
	UNION ALL SELECT normfreeze.fit(ARRAY[weight, doors], 'standard', '{}') FROM cars) AS q;

-- the methods and their options
CREATE FUNCTION show(method normfreeze.method, options jsonb) RETURNS SETOF text LANGUAGE SQL AS $$
	SELECT concat_ws(' ', ordinal, method, formula, options) FROM normfreeze.describe((
		SELECT normfreeze.fit(ARRAY[x, 7, -x * x], method, options) FROM unnest(ARRAY[1, 2, 4, 8, 16.5]) AS x))
$$;
SELECT show('standard', '{}');
SELECT show('standard', '{"ddof": 1}');
SELECT show('standard', '{"with_mean": false}');
SELECT show('standard', '{"with_std": false}');
SELECT show('minmax', '{}');
SELECT show('minmax', '{"feature_range": [-1, 1], "clip": true}');
SELECT show('maxabs', '{}');
SELECT show('robust', '{}');
SELECT show('robust', '{"quantile_range": [10, 90], "unit_variance": true}');
SELECT show('robust', '{"with_centering": false}');
SELECT show('robust', '{"with_scaling": false}');
SELECT show('robust', '{"quantiles": "histogram"}');
SELECT show('identity', '{}');

-- a method for each feature; names for arrays; FILTER; targets
SELECT feature, method, formula, if_missing, if_outside, if_constant, is_target
FROM normfreeze.describe((
	SELECT normfreeze.fit(c, 'standard', '{"columns": ["weight", "power"], "target": "price", "outside": "clip",
		"features": {"power": {"method": "robust", "missing": "median"}, "price": {"method": "minmax", "outside": "keep"}}}')
		FILTER (WHERE c.split = 'train') FROM cars AS c));
SELECT normfreeze.feature_names(normfreeze.fit(ARRAY[id, weight], 'maxabs', '{"names": ["a", "b"]}')) FROM cars;
SELECT normfreeze.feature_names(normfreeze.fit(ARRAY[id, weight], 'maxabs')) IS NULL AS anonymous FROM cars;

-- missing values are counted apart; NULL arrays and rows are no rows
SELECT feature, n, missing, nulls, nans, mean
FROM normfreeze.describe((
	SELECT normfreeze.fit(a, 'standard', '{"names": ["x", "y"]}')
	FROM unnest(ARRAY['{1,2}', NULL, '{NULL,4}', '{NaN,6}', '{5,NULL}']) AS t, LATERAL (SELECT t::float8[] AS a) AS v));

-- fit of a profile is fit of its rows
SELECT normfreeze.fit(normfreeze.profile(c, ARRAY['weight', 'power']), 'minmax')
	= normfreeze.fit(c, 'minmax', '{"columns": ["weight", "power"]}') AS same FROM cars AS c;
SELECT normfreeze.fit(p, 'standard') = normfreeze.fit(normfreeze.merge(q), 'standard') AS same
FROM (SELECT normfreeze.profile(ARRAY[weight, power]) AS p FROM cars) AS whole,
	(SELECT normfreeze.profile(ARRAY[weight, power]) AS q FROM cars GROUP BY id % 3) AS parts GROUP BY p;
SELECT normfreeze.fit_table('cars', 'standard', '{"columns": ["price", "electric"]}')
	= normfreeze.fit(c, 'standard', '{"columns": ["price", "electric"]}') AS same FROM cars AS c;
CREATE VIEW light AS SELECT weight, power FROM cars WHERE weight < 1000;
SELECT normfreeze.fit_table('light', 'maxabs') = normfreeze.fit(l, 'maxabs') AS same FROM light AS l;
-- an exact distribution has exact quantiles, a folded one does not
SELECT normfreeze.fit(normfreeze.profile(ARRAY[weight]), 'robust') = normfreeze.fit(ARRAY[weight], 'robust') AS same FROM cars;
SELECT normfreeze.fit(normfreeze.profile(ARRAY[sqrt(x)]), 'robust') FROM generate_series(1, 2000) AS x;
SELECT normfreeze.fit(normfreeze.profile(ARRAY[sqrt(x)]), 'robust', '{"quantiles": "histogram"}') IS NOT NULL AS fitted
FROM generate_series(1, 2000) AS x;

-- the profile of what a scaler was fitted on, and of rows for a frozen scaler
SELECT normfreeze.profile_of(normfreeze.fit(c, 'standard', '{"columns": ["weight", "power"]}'))
	= normfreeze.profile(c, ARRAY['weight', 'power']) AS same FROM cars AS c;
SELECT * FROM normfreeze.describe((SELECT normfreeze.profile(c, ARRAY['doors', 'electric']) FROM cars AS c));
SELECT normfreeze.profile(ARRAY[1]) IS NULL AS nothing FROM cars WHERE false;

-- window and grouping use
SELECT count(DISTINCT s) FROM (
	SELECT normfreeze.fit(ARRAY[weight], 'maxabs') OVER (ORDER BY id) AS s FROM cars) AS q;
SELECT normfreeze.id_of(normfreeze.fit(ARRAY[weight], 'maxabs')) FROM cars GROUP BY doors ORDER BY doors;
DROP VIEW light;
DROP TABLE cars;
