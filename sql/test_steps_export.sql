-- Sequences of steps in the formats of other systems: SQL, ONNX and scikit-learn (PMML is in test_to_pmml).
CREATE SCHEMA steps_export;
SET search_path = steps_export;
SET extra_float_digits = 1;

CREATE TABLE houses (id int, town text, price float8, area float8, rooms float8);
INSERT INTO houses
  SELECT i, (ARRAY['Bern', 'Rome'])[1 + i % 2], (i * 7919 % 101) / 7.0, CASE WHEN i % 9 <> 0 THEN (i % 17) * 1.5 + 1 END, i % 5
  FROM generate_series(1, 60) AS i;
INSERT INTO houses VALUES (61, 'Bern', NULL, 'NaN', -3), (62, 'Rome', -4, -5, 1e6), (63, 'Oslo', 0, 0, 0);
CREATE TABLE scalers (name text, s normfreeze.scaler);
INSERT INTO scalers
  SELECT name, (SELECT normfreeze.bare(normfreeze.fit(h, 'standard', options || '{"columns": ["price", "area", "rooms"]}')) FROM houses h WHERE id <= 60)
  FROM (VALUES ('two', '{"steps": ["standard", "minmax"]}'::jsonb),
               ('clipped', '{"steps": [{"method": "minmax", "clip": true}, "square", "robust"], "outside": "clip", "missing": "mean"}'),
               ('root', '{"steps": [{"method": "sqrt", "domain": "null"}, "standard"]}'),
               ('nearest', '{"steps": [{"method": "reciprocal", "domain": "clip"}, "minmax"], "missing": 2}'),
               ('refused', '{"steps": ["sqrt", "standard"], "constant": "null"}'),
               ('mixed', '{"features": {"price": {"steps": ["robust", {"method": "quantile", "n_quantiles": 4}, "minmax"]},
                                        "rooms": {"steps": ["square", {"method": "maxabs", "clip": true}], "missing": "error"}}}'),
               ('sixteen', '{"steps": ["standard", "minmax", "maxabs", "identity", "robust", "meanabs", "mean", "decimal",
                                       "standard", "minmax", "maxabs", "identity", "robust", "meanabs", "mean", "decimal"]}'),
               ('deep', '{"steps": [{"method": "minmax", "clip": true}, "square", {"method": "maxabs", "clip": true}, "square",
                                    {"method": "minmax", "clip": true}, "square", {"method": "minmax", "clip": true}, "square",
                                    {"method": "minmax", "clip": true}, "square", {"method": "minmax", "clip": true}, "square"]}'),
               ('power', '{"steps": [{"method": "power"}, "minmax"]}'),
               ('logarithm', '{"features": {"area": {"steps": ["maxabs", "log1p", "standard"]}}}')) AS v (name, options);

-- ---- SQL ----

SELECT normfreeze.to_sql(s, 'h') AS list FROM scalers WHERE name = 'root' \gset
\echo :list
-- the same rows, and the same bits
CREATE FUNCTION differs(scaler_name text) RETURNS TABLE (id int) LANGUAGE plpgsql AS $$
DECLARE
  list text := normfreeze.to_sql(s, 'h') FROM scalers WHERE name = scaler_name;
BEGIN
  RETURN QUERY EXECUTE format('SELECT h.id FROM houses h, LATERAL (SELECT %s) AS e, scalers c '
    'WHERE c.name = %L AND h.rooms >= 0 AND (c.name <> ''refused'' OR h.id <= 60) '
    'AND float8send(e.price) || float8send(e.area) || float8send(e.rooms) IS DISTINCT FROM '
    '(SELECT string_agg(float8send(y), '''' ORDER BY n) FROM unnest(normfreeze.normalize(h, c.s)) WITH ORDINALITY AS u (y, n) HAVING count(y) = 3)',
    list, scaler_name);
END $$;
SELECT name, (SELECT count(*) FROM differs(name)) AS differences FROM scalers WHERE name IN ('two', 'clipped', 'root', 'nearest', 'refused', 'mixed', 'sixteen');
CREATE FUNCTION checked(scaler_name text, OUT agrees bool, OUT probes int, OUT left_out int, OUT first_difference text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE (SELECT normfreeze.to_sql_check(s) FROM scalers WHERE name = scaler_name) INTO agrees, probes, left_out, first_difference;
END $$;
SELECT name, c.* FROM scalers, LATERAL checked(name) AS c WHERE name IN ('two', 'clipped', 'root', 'nearest', 'refused', 'mixed', 'sixteen');
-- a step that refuses a value, and which one it is
SELECT normfreeze.to_sql(s, 'h') AS list FROM scalers WHERE name = 'refused' \gset
SELECT :list FROM houses h WHERE id = 62;
-- in a system that cannot raise an error
SELECT normfreeze.to_sql(s, 'h', 'sqlite') FROM scalers WHERE name = 'refused';
SELECT regexp_replace(normfreeze.to_sql(s, 'h', 'sqlite'), ',\n.*', '') FROM scalers WHERE name = 'root';
-- functions, and what grows with every step
SELECT normfreeze.to_sql(s, 'h') FROM scalers WHERE name = 'power';
SELECT normfreeze.to_sql(s, 'h', 'duckdb') FROM scalers WHERE name = 'logarithm';
SELECT normfreeze.to_sql(s, 'h') FROM scalers WHERE name = 'deep';
SELECT normfreeze.to_sql_check(s, 'spark') FROM scalers WHERE name = 'deep';
-- no row, and an empty table
SELECT normfreeze.to_sql(s, 'h') AS list FROM scalers WHERE name = 'clipped' \gset
SELECT :list FROM houses h WHERE false;
-- by key: members of different sequences
SELECT normfreeze.to_sql(normfreeze.by_key(k, s, 'null'), 'houses', 'postgres', 'town') AS list
FROM (SELECT 'Bern' AS k, s FROM scalers WHERE name = 'clipped' UNION ALL SELECT 'Rome', s FROM scalers WHERE name = 'nearest') AS m \gset
SELECT count(*), count(e.area), count(*) FILTER (WHERE ARRAY[e.price, e.area, e.rooms]::text IS DISTINCT FROM
  coalesce(normfreeze.normalize(h, c.s), ARRAY[NULL, NULL, NULL]::float8[])::text) AS differences
FROM (SELECT id, :list) AS e JOIN houses AS h USING (id)
LEFT JOIN scalers AS c ON c.name = CASE h.town WHEN 'Bern' THEN 'clipped' WHEN 'Rome' THEN 'nearest' END;
SELECT normfreeze.to_sql(normfreeze.by_key(k, s, 'null'), 'houses', 'postgres', 'town')
FROM (SELECT 'Bern' AS k, s FROM scalers WHERE name = 'clipped' UNION ALL SELECT 'Rome', s FROM scalers WHERE name = 'logarithm') AS m;

-- ---- ONNX and scikit-learn ----

SELECT name, normfreeze.from_onnx(normfreeze.to_onnx(s)) = s AS onnx FROM scalers WHERE name IN ('two', 'clipped', 'root', 'nearest', 'sixteen', 'deep');
SELECT name, normfreeze.from_sklearn(normfreeze.to_sklearn(s)) = s AS sklearn FROM scalers WHERE name IN ('two', 'root', 'sixteen');
SELECT jsonb_pretty(normfreeze.to_sklearn(s) - 'normfreeze') FROM scalers WHERE name = 'root';
SELECT normfreeze.to_onnx(s) FROM scalers WHERE name = 'refused';
SELECT normfreeze.to_onnx(s) FROM scalers WHERE name = 'mixed';
SELECT normfreeze.to_onnx(s) FROM scalers WHERE name = 'logarithm';
SELECT normfreeze.to_sklearn(s) FROM scalers WHERE name = 'nearest';
SELECT normfreeze.to_sklearn(s) FROM scalers WHERE name = 'refused';
SELECT normfreeze.to_sklearn(s) FROM scalers WHERE name = 'clipped';
SELECT normfreeze.to_sklearn(s) FROM scalers WHERE name = 'logarithm';

-- ---- Spark's PipelineModel ----

CREATE FUNCTION spark(stages jsonb, more jsonb DEFAULT '{}') RETURNS normfreeze.scaler LANGUAGE SQL AS
$$ SELECT normfreeze.from_spark(jsonb_build_object('class', 'org.apache.spark.ml.PipelineModel', 'stages', stages) || more) $$;
CREATE TABLE stages (name text, stage jsonb);
INSERT INTO stages VALUES
  ('fill', '{"class": "ImputerModel", "inputCols": ["rooms"], "outputCols": ["rooms_filled"], "strategy": "median", "surrogateDF": {"rooms": 3}}'),
  ('vector', '{"class": "VectorAssembler", "inputCols": ["price", "rooms_filled"], "outputCol": "v"}'),
  ('keep', '{"class": "VectorAssembler", "inputCols": ["price", "rooms"], "handleInvalid": "keep"}'),
  ('skip', '{"class": "VectorAssembler", "inputCols": ["price", "rooms"], "handleInvalid": "skip"}'),
  ('standard', '{"class": "StandardScalerModel", "uid": "s1", "inputCol": "v", "outputCol": "w", "withMean": true, "mean": [200, 3.5], "std": [50, 2]}'),
  ('minmax', '{"class": "MinMaxScalerModel", "uid": "m2", "inputCol": "w", "outputCol": "x", "originalMin": [-2, -1], "originalMax": [2, 3]}'),
  ('constant', '{"class": "MinMaxScalerModel", "inputCol": "w", "originalMin": [0.5, -1], "originalMax": [0.5, 3]}'),
  ('maxabs', '{"class": "MaxAbsScalerModel", "maxAbs": [400, 8], "outputCol": "w"}'),
  ('short', '{"class": "MaxAbsScalerModel", "maxAbs": [400]}'),
  ('norm', '{"class": "Normalizer", "p": 2}'),
  ('forest', '{"class": "org.apache.spark.ml.classification.RandomForestClassificationModel"}');
CREATE FUNCTION stages(VARIADIC names text[]) RETURNS jsonb LANGUAGE SQL AS
$$ SELECT coalesce(jsonb_agg(stage ORDER BY n), '[]') FROM unnest(names) WITH ORDINALITY AS u (n_, n) JOIN stages ON name = n_ $$;
SELECT d.feature, d.if_missing, d.if_outside, d.formula FROM normfreeze.describe(spark(stages('fill', 'vector', 'standard', 'minmax'))) AS d;
SELECT normfreeze.normalize(r::jsonb, spark(stages('fill', 'vector', 'standard', 'minmax'))) FROM unnest('{"{\"rooms\": null, \"price\": 300}"}'::text[]) AS r;
SELECT normfreeze.normalize('{"rooms": 2, "price": null}'::jsonb, spark(stages('fill', 'vector', 'standard', 'minmax')));
SELECT spark(jsonb_build_array(s -> 0, s -> 1, jsonb_build_object('class', 'PipelineModel', 'stages', jsonb_build_array(s -> 2, s -> 3)))) = spark(s) AS nested
FROM stages('fill', 'vector', 'standard', 'minmax') AS s;
SELECT d.feature, d.if_missing, d.formula FROM normfreeze.describe(spark(stages('keep', 'maxabs'))) AS d;
SELECT d.feature, d.if_missing FROM normfreeze.describe(spark(stages('fill'))) AS d;
-- a feature that a later step takes for constant gives the middle for infinities, too; after a factor of 0 they are NaN
SELECT normfreeze.normalize(ARRAY[x, 2], spark(stages('maxabs', 'constant'))) FROM unnest('{1, inf, -inf, nan, 1e308}'::float8[]) AS x;
SELECT normfreeze.normalize(ARRAY[x, 2], spark(stages('standard', 'constant'))) FROM unnest('{1, inf, nan, 1e308}'::float8[]) AS x;
SELECT normfreeze.normalize(ARRAY[x, 2], spark(jsonb_set(stages('standard', 'constant'), '{0,std}', '[0, 1]'))) FROM unnest('{1, inf, nan}'::float8[]) AS x;
-- refused
SELECT spark(stages('standard', 'minmax'), '{"stageUids": ["m2", "s1"]}');
SELECT spark(stages('standard', 'minmax'), '{"stageUids": ["s1"]}');
SELECT spark(stages('minmax', 'standard'));
SELECT spark(stages('standard', 'fill'));
SELECT spark(stages('fill', 'standard'));
SELECT spark(stages('vector', 'vector'));
SELECT spark(stages('standard', 'norm'));
SELECT spark(stages('vector', 'standard', 'forest'));
SELECT spark(stages('standard', 'short'));
SELECT spark(stages('skip'));
SELECT spark('[]');
SELECT spark('["standard"]');
SELECT spark('{}');
SELECT spark((SELECT jsonb_agg(stage) FROM stages, generate_series(1, 17) WHERE name = 'maxabs'));

DROP SCHEMA steps_export CASCADE;
