-- A registry with everything that version 0.1.0 can freeze.  tools/keep_release.py runs it by psql in an empty database.
-- Nothing in it depends on time, chance or the machine: run again, it gives the same ids.
CREATE EXTENSION normfreeze;
CREATE SCHEMA golden;
SET search_path = '';

CREATE TABLE golden.rows AS
	SELECT i AS id, (1 + i * 37 % 50)::float8 / 8 AS a, CASE WHEN i % 11 <> 3 THEN (i * 61 % 97 - 48)::float8 / 7 END AS b, 5::float8 AS c,
		i * i AS d, CASE WHEN i % 4 > 0 THEN 'x' ELSE 'y' END AS key, 1 + i % 3 AS weight
	FROM pg_catalog.generate_series(1, 40) AS i;

CREATE TABLE golden.fits (name text PRIMARY KEY, method text NOT NULL, options jsonb NOT NULL);
INSERT INTO golden.fits VALUES
	('standard', 'standard', '{}'), ('standard, no mean', 'standard', '{"with_mean": false}'), ('standard, no std', 'standard', '{"with_std": false}'),
	('standard, neither', 'standard', '{"with_mean": false, "with_std": false}'), ('standard, ddof', 'standard', '{"ddof": 1}'),
	('minmax', 'minmax', '{}'), ('minmax, range', 'minmax', '{"feature_range": [-1, 1], "clip": true}'),
	('maxabs', 'maxabs', '{}'), ('maxabs, clip', 'maxabs', '{"clip": true}'),
	('robust', 'robust', '{}'), ('robust, range', 'robust', '{"quantile_range": [10, 90], "unit_variance": true}'),
	('robust, no centering', 'robust', '{"with_centering": false}'), ('robust, no scaling', 'robust', '{"with_scaling": false}'),
	('robust, histogram', 'robust', '{"quantiles": "histogram"}'),
	('mad', 'mad', '{}'), ('mad, factor', 'mad', '{"factor": 1, "with_centering": false}'), ('mad, no scaling', 'mad', '{"with_scaling": false}'),
	('meanabs', 'meanabs', '{}'), ('midrange', 'midrange', '{}'), ('mean', 'mean', '{}'), ('sum', 'sum', '{}'), ('decimal', 'decimal', '{}'),
	('quantile', 'quantile', '{}'), ('quantile, n', 'quantile', '{"n_quantiles": 7}'),
	('quantile, normal', 'quantile', '{"output_distribution": "normal", "max_quantiles": 9}'),
	('power', 'power', '{}'), ('power, box-cox', 'power', '{"columns": ["a", "d"], "method": "box-cox"}'),
	('power, not standardized', 'power', '{"standardize": false}'), ('power, bounded', 'power', '{"lambda": "bounded"}'),
	('log1p', 'log1p', '{"columns": ["a", "c", "d"]}'), ('l1', 'l1', '{}'), ('l2', 'l2', '{}'), ('max', 'max', '{}'),
	('affine', 'affine', '{"center": 0.1, "scale": 3}'), ('identity', 'identity', '{}'),
	('missing, nan', 'standard', '{"missing": "nan"}'), ('missing, error', 'standard', '{"missing": "error"}'), ('missing, number', 'minmax', '{"missing": -0.3}'),
	('missing, zero', 'minmax', '{"missing": "zero"}'), ('missing, mean', 'maxabs', '{"missing": "mean"}'), ('missing, median', 'robust', '{"missing": "median"}'),
	('missing, min', 'l2', '{"missing": "min"}'), ('missing, max', 'quantile', '{"missing": "max", "n_quantiles": 5}'),
	('outside, clip', 'standard', '{"outside": "clip"}'), ('outside, null', 'power', '{"outside": "null"}'), ('outside, error', 'minmax', '{"outside": "error"}'),
	('constant, null', 'standard', '{"constant": "null"}'), ('unfit, null', 'power', '{"columns": ["a", "b"], "method": "box-cox", "unfit": "null"}'),
	('unfit, unit', 'power', '{"columns": ["a", "b"], "method": "box-cox", "unfit": "unit"}'),
	('global', 'minmax', '{"columns": ["a", "b"], "global": true}'), ('intercept', 'standard', '{"intercept": 0.25, "multiplier": 1.7}'),
	('intercept, mean', 'minmax', '{"intercept": "-mean", "multiplier": -2}'), ('no distribution', 'standard', '{"distribution": false}'),
	('distribution', 'standard', '{"distribution": 16}'), ('target', 'standard', '{"target": "d"}'),
	('mixed', 'standard', '{"ddof": 1, "missing": "mean", "features": {"a": {"method": "robust", "outside": "clip"}, "b": {"method": "yeo-johnson"},
		"c": {"method": "l1"}, "d": {"method": "quantile", "n_quantiles": 4, "missing": 0}}}');

-- where a fit says which columns it takes, its options do, else these
UPDATE golden.fits SET options = options OPERATOR(pg_catalog.||) '{"columns": ["a", "b", "c", "d"]}' WHERE NOT options OPERATOR(pg_catalog.?) 'columns';
SELECT pg_catalog.format('SELECT normfreeze.freeze(%L, (SELECT normfreeze.fit(r, %L, %L) FROM golden.rows AS r), %L)', name, method, options, 'as ' OPERATOR(pg_catalog.||) method)
FROM golden.fits ORDER BY name COLLATE "C" \gexec

-- other inputs
SELECT normfreeze.freeze('array', (SELECT normfreeze.fit(ARRAY[a, b, c], 'standard') FROM golden.rows));
SELECT normfreeze.freeze('array of reals', (SELECT normfreeze.fit(ARRAY[a, b]::real[], 'robust', '{"names": ["a", "Straße"]}') FROM golden.rows));
SELECT normfreeze.freeze('array of integers', (SELECT normfreeze.fit(ARRAY[d, id], 'minmax', '{"names": ["d", "id"]}') FROM golden.rows));
SELECT normfreeze.freeze('array of numerics', (SELECT normfreeze.fit(ARRAY[a::numeric / 3, d], 'power') FROM golden.rows));
SELECT normfreeze.freeze('weighted', (SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b", "d"]}', weight) FROM golden.rows AS r));
SELECT normfreeze.freeze('from a table', normfreeze.fit_table('golden.rows', 'power', '{"columns": ["a", "b", "d"]}'));
SELECT normfreeze.freeze('from a profile', normfreeze.fit((SELECT normfreeze.profile(r, ARRAY['a', 'd']) FROM golden.rows AS r), 'minmax', '{"feature_range": [0, 2]}'));
SELECT normfreeze.freeze('no values', (SELECT normfreeze.fit(r, 'standard', '{"empty": "null"}') FROM (SELECT a, NULL::float8 AS nothing FROM golden.rows) AS r));
SELECT normfreeze.freeze('infinities', (SELECT normfreeze.fit(r, 'maxabs', '{"infinite": "skip"}')
	FROM (SELECT a, CASE WHEN id = 7 THEN 'Infinity' ELSE b END AS b FROM golden.rows) AS r));
SELECT normfreeze.freeze('without evidence', (SELECT normfreeze.fit(r, 'standard', '{"columns": ["b", "a"]}') FROM golden.rows AS r), 'kept bare', '{"seed": 7}', keep_profile => false);
SELECT normfreeze.freeze('names' OPERATOR(pg_catalog.||) E' \\ "of" ''all'' Ärger\n', (SELECT normfreeze.fit(r, 'mean', '{"columns": ["a"]}') FROM golden.rows AS r), E'a\tnote\\');

-- of other systems
SELECT pg_catalog.format('SELECT normfreeze.freeze(%L, normfreeze.%I(%L))', name, function, model) FROM (VALUES
	('sklearn, standard', 'from_sklearn', '{"class": "StandardScaler", "with_mean": true, "n_features_in_": 2, "mean_": [1, 2.5], "var_": [4, 0], "scale_": [2, 1]}'),
	('sklearn, minmax', 'from_sklearn', '{"feature_range": [-1, 1], "clip": true, "min_": [-1, 0.5], "scale_": [0.25, 2], "data_min_": [0, 3], "data_max_": [8, 3]}'),
	('sklearn, quantile', 'from_sklearn', '{"output_distribution": "normal", "n_quantiles": 1000, "references_": [0, 0.5, 1], "quantiles_": [[1, 2], [3, 2], [7, 2]]}'),
	('sklearn, power', 'from_sklearn', '{"method": "yeo-johnson", "lambdas_": [0.5, 1.5], "standardize": false, "dtype": "float32"}'),
	('sklearn, normalizer', 'from_sklearn', '{"class": "Normalizer", "norm": "max", "n_features_in_": 2}'),
	('spark, standard', 'from_spark', '{"class": "StandardScaler", "withMean": false, "mean": [1, 2], "std": [3, 0]}'),
	('spark, minmax', 'from_spark', '{"originalMin": [1, 2], "originalMax": [4, 2], "min": -1}'),
	('spark, l1', 'from_spark', '{"class": "Normalizer", "p": 1, "n_features": 2}'), ('spark, l2', 'from_spark', '{"class": "Normalizer", "n_features": 2}'),
	('onnx scaler', 'from_onnx_scaler', '{"offset": [0.1, 16777217], "scale": [0.3, 1e-3], "names": ["a", "b"]}'),
	('vertica', 'from_vertica', '{"details": [{"column_name": "a", "min": 1, "max": 3}, {"column_name": "b", "min": 0.1, "max": 0.3}]}'),
	('teradata', 'from_teradata', '{"columns": {"a": {"location": 1, "scale": 2, "multiplier": 3, "intercept": 4}, "b": {"location": 5, "scale": 6}}, "names": ["a", "b"]}'),
	('bigquery', 'from_bigquery', '{"scaler": "min_max", "features": [{"input": "a", "min": -3, "max": 1}]}')) AS i (name, function, model) \gexec
SELECT pg_catalog.format('SELECT normfreeze.freeze(%L, normfreeze.from_batchnorm(%L::%s, %L, %L, %L, names => %L, formula => %L))',
	'batchnorm, ' OPERATOR(pg_catalog.||) f OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) t, '{0.5}', t, '{3}', '{0.7}', '{0.2}', '{a}', f)
FROM pg_catalog.unnest(ARRAY['stable', 'contiguous', 'contiguous_fma']) AS f, pg_catalog.unnest(ARRAY['float8[]', 'real[]']) AS t \gexec

-- sets by key
SELECT normfreeze.freeze('set', (SELECT normfreeze.by_key(key, s) FROM (SELECT key, normfreeze.fit(ARRAY[a, b], 'standard', '{"names": ["a", "b"]}') AS s FROM golden.rows GROUP BY key) AS k));
SELECT normfreeze.freeze('set, null', (SELECT normfreeze.by_key(key, s, 'null') FROM (SELECT key, normfreeze.fit(ARRAY[a, b], 'minmax') AS s FROM golden.rows GROUP BY key) AS k));
SELECT normfreeze.freeze('set, fallback', (SELECT normfreeze.by_key(key, s, (SELECT normfreeze.fit(ARRAY[a, b], 'maxabs') FROM golden.rows))
	FROM (SELECT key OPERATOR(pg_catalog.||) E' "Ä"\n' AS key, normfreeze.fit(ARRAY[a, b], 'maxabs') AS s FROM golden.rows GROUP BY key) AS k));

-- versions, stages and logs
SELECT normfreeze.freeze('set', (SELECT normfreeze.by_key(key, s) FROM (SELECT key, normfreeze.fit(ARRAY[a, b], 'robust', '{"names": ["a", "b"]}') AS s FROM golden.rows GROUP BY key) AS k));
SELECT normfreeze.freeze('standard', (SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b", "c", "d"]}') FROM golden.rows AS r WHERE id > 5), 'second', '{"k": [1, null, {"x": 1e-7}]}');
SELECT normfreeze.freeze('standard', (SELECT normfreeze.fit(r, 'minmax', '{"columns": ["a", "b", "c", "d"]}') FROM golden.rows AS r), 'third');
SELECT normfreeze.allow_stage('production', current_user, 'it''s \mine');
SELECT normfreeze.allow_stage('production', 'public');
SELECT normfreeze.disallow_stage('production', 'public', 'not everybody');
SELECT normfreeze.promote('standard', 1, 'staging', 'to try', new_stage => true);
SELECT normfreeze.promote('standard', 1);
SELECT normfreeze.promote('standard', 2, note => E'better\n');
SELECT normfreeze.rollback('standard', note => 'worse');
SELECT normfreeze.promote('standard', 3, 'staging');
SELECT normfreeze.demote('standard', 'staging');
SELECT normfreeze.retire('standard', 3, 'never used');
SELECT normfreeze.promote('set', 2);
SELECT normfreeze.import_name((SELECT pg_catalog.jsonb_agg(e) FROM normfreeze.export_name('standard') AS e), 'standard from elsewhere', stages => true);
SELECT normfreeze.import_name((SELECT pg_catalog.jsonb_agg(e) FROM normfreeze.export_name('set', false) AS e), 'set from elsewhere');
SELECT normfreeze.record_drift('standard@v1', (SELECT normfreeze.profile(r, ARRAY['a', 'b', 'c', 'd']) FROM golden.rows AS r WHERE id > 20), 'later');
SELECT normfreeze.record_drift('standard@v1', (SELECT normfreeze.profile(r) FROM (SELECT a * 3 AS a, b, c, d FROM golden.rows) AS r), NULL, '{"alpha": 0.01}');
SELECT normfreeze.register_use('standard', 'golden.scored', 'table', E'a \\ note\nof two lines');
SELECT normfreeze.register_use('standard@v2', 'churn model', 'model');
SELECT normfreeze.purge_profile(normfreeze.scaler_id('array of integers@v1'), E'request "17"\n\\.\nby mail');

-- tables of a user's own: values, a generated column, an index, a check, a view and a foreign key
CREATE TABLE golden.kept AS SELECT normfreeze.fit(r, 'robust', '{"columns": ["a", "b"]}') AS fitted, normfreeze.profile(r, ARRAY['a', 'b', 'd']) AS seen FROM golden.rows AS r;
SELECT pg_catalog.format('CREATE TABLE golden.scored (a float8, b float8, z float8[] GENERATED ALWAYS AS (normfreeze.normalize(ARRAY[a, b], %1$L::normfreeze.scaler)) STORED,
	CHECK (normfreeze.normalize(ARRAY[a, b], %1$L::normfreeze.scaler) IS NOT NULL));
	CREATE INDEX scored_idx ON golden.scored ((normfreeze.normalize(ARRAY[b, a], %1$L::normfreeze.scaler)));', normfreeze.bare(fitted)) FROM golden.kept \gexec
INSERT INTO golden.scored (a, b) SELECT a, b FROM golden.rows WHERE id < 9;
SELECT normfreeze.create_view('golden.view_by_id', 'golden.rows', normfreeze.scaler_id('standard@v1'));
SELECT normfreeze.create_view('golden.view_by_ref', 'golden.rows', 'standard', prefix => 'z_');
CREATE TABLE golden.refers (scaler_id bigint REFERENCES normfreeze.scalers, name text, version int, FOREIGN KEY (name, version) REFERENCES normfreeze.versions);
INSERT INTO golden.refers SELECT scaler_id, name, version FROM normfreeze.versions WHERE name OPERATOR(pg_catalog.=) 'standard';
