-- report(): a page that is a function of the registry and of the profiles
\pset format unaligned
SET search_path = pg_catalog;
CREATE SCHEMA test_report;
CREATE TABLE test_report.t AS
  SELECT i AS id, (i * 7 % 101)::float8 + CASE WHEN i > 600 THEN 60 ELSE 0 END AS age, CASE WHEN i % 10 <> 0 THEN (i * i % 173) / 3::float8 END AS income,
         (i % 2 = 0) AS member, CASE WHEN i % 3 = 0 THEN i % 50 ELSE 0 END AS spend
  FROM generate_series(1, 1000) AS i;

-- parts of a page, in words: what is between its tags
CREATE FUNCTION test_report.words(page text, part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(regexp_replace(m[1], '<[^>]*>', ' ', 'g'), '\s+', ' ', 'g') FROM regexp_match(page, part) AS m $$;
CREATE FUNCTION test_report.count(page text, what text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (length(page) - length(replace(page, what, ''))) / length(what) $$;

SELECT normfreeze.freeze('test_report', normfreeze.fit(t, 'standard', '{"exclude": ["id"], "features": {"income": {"method": "minmax", "missing": "median"}}}'),
  'for the "tests"', '{"ticket": "<7>"}') AS x FROM test_report.t WHERE id <= 600 \gset
SELECT normfreeze.promote('test_report', 1, 'production', 'first & only');
CREATE TABLE test_report.pages AS
  SELECT normfreeze.report(:x) AS training,
         normfreeze.report(:x, (SELECT normfreeze.profile(t, :x) FROM test_report.t WHERE id > 600)) AS drifted,
         normfreeze.report(:x, (SELECT normfreeze.profile(t, :x) FROM test_report.t WHERE id <= 600)) AS same,
         normfreeze.report(:x, (SELECT normfreeze.profile(t, :x) FROM test_report.t WHERE id <= 20)) AS few;

-- one document, of ASCII, without scripts and without anything from elsewhere
SELECT starts_with(training, E'<!DOCTYPE html>\n<html lang="en">'), training LIKE E'%</html>\n', training ~ '^[\x01-\x7e]*$' AS ascii,
       training ~* '<script|<img|<link|<iframe|@import|url\(|https?://|src=|\son[a-z]+=' AS active FROM test_report.pages;
SELECT test_report.count(training, '<svg class="chart"') AS charts, test_report.count(training, '<svg class="spark"') AS sparklines,
       test_report.count(training, '<path class="t"') AS training_drawn, test_report.count(training, '<path class="l"') AS live_drawn FROM test_report.pages;
SELECT test_report.count(drifted, '<svg class="chart"') AS charts, test_report.count(drifted, '<svg class="spark"') AS sparklines,
       test_report.count(drifted, '<path class="t"') AS training_drawn, test_report.count(drifted, '<path class="l"') AS live_drawn FROM test_report.pages;

-- what it says
SELECT test_report.words(p, '<p class="lead.*?>(.*?)</p>') FROM test_report.pages, LATERAL (VALUES (training), (drifted), (same), (few)) AS v (p);
SELECT test_report.words(drifted, '<table class="overview">(.*?)</table>') FROM test_report.pages;
SELECT test_report.words(drifted, 'id="f1">(.*?)</details>') FROM test_report.pages;
SELECT test_report.words(drifted, 'id="f4">(.*?)</details>') FROM test_report.pages;
SELECT test_report.words(few, 'id="f2">(.*?)<div class="pair">') FROM test_report.pages;
SELECT regexp_replace(test_report.words(training, '<dl class="facts">(.*?)</dl>'), '\d{4}-\d\d-\d\d \d\d:\d\d UTC by \w+', '(when and by whom)') FROM test_report.pages;
SELECT regexp_replace(test_report.words(training, '<h2 id="h-verify">(.*?)</p>'), 'All \d+', 'All'), test_report.count(training, '</svg> ok</span>') = (SELECT count(*) FROM normfreeze.verify(:x)) AS all_checks FROM test_report.pages;
SELECT test_report.count(training, ' open>') AS open, test_report.count(drifted, ' open>') AS drifted FROM test_report.pages;

-- the same by whatever name, and whatever the session has set
SELECT normfreeze.report('test_report') = training, normfreeze.report('test_report@v1') = training, normfreeze.report('test_report@latest') = training,
       normfreeze.report('sha256:' || s.fingerprint) = training
FROM test_report.pages, normfreeze.scalers AS s WHERE s.scaler_id = :x;
SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'German'; SET extra_float_digits = -3; SET search_path = test_report;
-- (from PostgreSQL 19 on there is nothing but standard strings)
DO $$ BEGIN SET standard_conforming_strings = off; EXCEPTION WHEN feature_not_supported THEN NULL; END $$;
SELECT normfreeze.report(:x) OPERATOR(pg_catalog.=) training,
       normfreeze.report('test_report', (SELECT normfreeze.profile(t, :x) FROM test_report.t WHERE id OPERATOR(pg_catalog.>) 600)) OPERATOR(pg_catalog.=) drifted
FROM test_report.pages;
RESET TimeZone; RESET DateStyle; RESET extra_float_digits; RESET standard_conforming_strings; SET search_path = pg_catalog;

-- the range of option "range" is in the picture, or the page says that it is not
SELECT normfreeze.freeze('test_report_range', normfreeze.fit(t, 'standard', '{"exclude": ["id", "member"], "outside": "clip", "range": [5, 95], "features": {
  "income": {"outside": "null", "range": {"deviations": 9}}, "spend": {"outside": "error", "range": [null, 90]}}}')) AS r FROM test_report.t WHERE id <= 600 \gset
CREATE TABLE test_report.ranges AS SELECT normfreeze.report(:r) AS training,
  normfreeze.report(:r, (SELECT normfreeze.profile(t, :r) FROM test_report.t WHERE id > 600)) AS drifted;
SELECT test_report.words(page, 'Feature by feature</h2>(.*?)<details'), test_report.words(page, '(<p class="legend">.*?</p>)'), test_report.count(page, '<path class="end"')
FROM test_report.ranges, LATERAL (VALUES (training), (drifted)) AS v (page);
SELECT m[1] AS titles FROM test_report.ranges, LATERAL (VALUES (1, training), (2, drifted)) AS v (n, page), regexp_matches(page, '<g><title>(.*?)</title>', 'g') AS m ORDER BY n, m[1] COLLATE "C";
SELECT n, test_report.words(m[1], '<desc>(.*?)</desc>') AS said, test_report.words(m[1], '(<figcaption>.*?</figcaption>)') AS caption
FROM test_report.ranges, LATERAL (VALUES (1, training), (2, drifted)) AS v (n, page), regexp_matches(page, '<figure>(.*?)</figure>', 'g') AS m;
SELECT test_report.count(training, 'class="end"') AS brackets_of_others FROM test_report.pages;
-- what holds for results
SELECT normfreeze.freeze('test_report_clip', normfreeze.fit(t, 'standard', '{"columns": ["age"], "clip": [-3, 2.5]}')) AS c FROM test_report.t WHERE id > 5 \gset
SELECT test_report.words(normfreeze.report(:c), '<dl class="recipe">(.*?)</dl>');

-- options are those of drift()
SELECT test_report.words(normfreeze.report(:x, p, '{"thresholds": {"psi": null, "mean_shift": [5, 9], "outside": null, "variance_ratio": null}}'), '<p class="lead.*?>(.*?)</p>')
FROM (SELECT normfreeze.profile(t, :x) AS p FROM test_report.t WHERE id > 600) AS live;
-- a feature that is left out is on the page, which says why it has no verdict
SELECT test_report.words(page, '(<p class="lead.*?</p>)'), test_report.words(page, 'id="f1">(.*?)<div class="pair">'), test_report.words(page, 'id="f2">(.*?)<div class="pair">')
FROM (SELECT normfreeze.report(:x, normfreeze.profile(t, ARRAY['age', 'member', 'spend']), '{"exclude": ["age", "income"]}') AS page FROM test_report.t WHERE id > 600) AS r;
SELECT length(normfreeze.report(:x, p, NULL)) > 0 FROM (SELECT normfreeze.profile(t, :x) AS p FROM test_report.t) AS live;

-- what others have written is text
CREATE TABLE test_report.hostile AS SELECT i::float8 AS "</title><script>alert(1)</script>", i::float8 AS """><img src=x onerror=alert(2)>", i::float8 AS "]]>&amp;'`",
  i::float8 AS "two
lines", i::float8 AS U&"\202Eright to left", i::float8 AS U&"gr\00F6\00DFe \+01F600", i::float8 AS U&"bell\0007\0085\FFFE" FROM generate_series(1, 100) AS i;
SELECT normfreeze.freeze('</h1><script>alert(3)</script>', normfreeze.fit(h, 'standard'), '</dd><svg onload=alert(4)>', '{"<b>": "</code>"}') AS h FROM test_report.hostile AS h \gset
SELECT normfreeze.promote('</h1><script>alert(3)</script>', 1, '"><b onclick=alert(5)>', '<!--', new_stage => true);
CREATE TABLE test_report.page AS SELECT normfreeze.report('</h1><script>alert(3)</script>@v1', normfreeze.profile(h, :h)) AS page FROM test_report.hostile AS h;
SELECT page ~ '^[\x01-\x7e]*$' AS ascii, page ~* '<script|<img|<svg onload|<b |<!--|<h1>[^<]*</h1><' AS active FROM test_report.page;
SELECT array_agg(DISTINCT m[1] ORDER BY m[1]) FROM test_report.page, regexp_matches(page, '<(\w+)', 'g') AS m;
SELECT DISTINCT m[1] FROM test_report.page, regexp_matches(page, '<th scope="row" class="name".*?><a [^>]*>(.*?)</a>', 'g') AS m ORDER BY 1;
SELECT DISTINCT m[1] FROM test_report.page, regexp_matches(page, '(<title>.*?</title>)', 'g') AS m ORDER BY 1;
SELECT test_report.words(page, '<h1>(.*?)</h1>') FROM test_report.page;
SELECT regexp_replace(test_report.words(page, '<dl class="facts">(.*?)</dl>'), '\d{4}-\d\d-\d\d \d\d:\d\d UTC by \w+', '(when and by whom)') FROM test_report.page;

-- of what has no limit, the beginning: a note cannot make a page too large to be made
SELECT normfreeze.freeze('notes', normfreeze.fit(t, 'maxabs', '{"columns": ["age"]}'), repeat(U&'<\00FC>', 1000), jsonb_build_object('k', repeat('&', 2000))) AS n FROM test_report.t WHERE id < 900 \gset
SELECT normfreeze.register_use(:n, 'long', 'other', repeat('"', 10000));
SELECT normfreeze.register_use(:n, 'too long', 'other', repeat('"', 10001));
SELECT test_report.count(page, '&#60;&#252;&#62;') AS of_two_notes, test_report.count(page, '&#38;') AS of_metadata, test_report.count(page, '&#34;</bdi>&#8230; (10000 bytes in all)') AS of_a_use FROM normfreeze.report(:n) AS page;

-- what would leave the isolate of a name is replaced, what stays in it is not
SELECT normfreeze.register_use(:n, U&'\2067in\2069\2069\202Eout\2029', 'other') > 0 AS registered;
SELECT test_report.words(normfreeze.report(:n), '(<bdi>&#8295;in.*?</bdi>)');

-- names that are long, and features without any
SELECT normfreeze.freeze('long', normfreeze.fit(a, 'standard', ('{"names": ["' || repeat('x', 1000) || '"]}')::jsonb)) AS l FROM (VALUES ('{1}'::float8[]), ('{2}')) AS v (a) \gset
SELECT test_report.count(page, repeat('x', 1000)) AS in_full, test_report.count(page, 'title="' || repeat('x', 1000) || '"') AS tooltips FROM normfreeze.report(:l) AS page;
SELECT normfreeze.freeze('arrays', normfreeze.fit(a, 'quantile', '{"n_quantiles": 2}')) AS a FROM (VALUES (ARRAY[1, 2]::float8[]), ('{2, 5}')) AS v (a) \gset
SELECT test_report.words(normfreeze.report(:a), '<table class="overview">(.*?)</table>');
SELECT test_report.words(normfreeze.report(:a), 'id="f2">(.*?)</details>');

-- more features than a page can show in detail
SELECT normfreeze.freeze('many', normfreeze.fit(a, 'maxabs')) AS m
FROM (SELECT (SELECT array_agg((i * k % 17)::float8) FROM generate_series(1, 250) AS k) AS a FROM generate_series(1, 50) AS i) AS s \gset
SELECT test_report.count(page, '<details') AS details, test_report.count(page, '<svg class="chart"') AS charts, test_report.count(page, '<th scope="row" class="name"') AS rows,
       test_report.words(page, '(<p>This page shows.*?</p>)'), length(page) < 2000000 AS light FROM normfreeze.report(:m) AS page;

-- without a profile, or without a distribution
SELECT normfreeze.freeze('unkept', normfreeze.fit(t, 'standard', '{"columns": ["age"]}'), keep_profile => false) AS u FROM test_report.t \gset
SELECT test_report.words(page, '(<p class="lead.*?)<section'), test_report.count(page, '<svg class="chart"') + test_report.count(page, '<svg class="spark"') AS pictures, test_report.words(page, 'id="f1">(.*?)</details>') FROM normfreeze.report(:u) AS page;
SELECT test_report.words(page, '(<p class="lead.*?)<section'), test_report.count(page, '<svg class="chart"') + test_report.count(page, '<svg class="spark"') AS pictures
FROM normfreeze.report(:u, (SELECT normfreeze.profile(t, ARRAY['age']) FROM test_report.t)) AS page;
SELECT normfreeze.freeze('flat', normfreeze.fit(t, 'standard', '{"columns": ["age"], "distribution": false}')) AS f FROM test_report.t \gset
SELECT test_report.count(page, '<svg class="chart"') + test_report.count(page, '<svg class="spark"') AS pictures, test_report.words(page, 'id="f1">(.*?)</details>') FROM normfreeze.report(:f) AS page;
SELECT normfreeze.report(:f, (SELECT normfreeze.profile(t, :f) FROM test_report.t));

-- a failed check shows
BEGIN;
ALTER TABLE normfreeze.scalers DISABLE TRIGGER refuse_truncate;
SELECT regexp_replace(test_report.words(page, '<h2 id="h-verify">(.*?)</p>'), 'of \d+', 'of all'), test_report.words(page, '<th scope="row" class="id">guards</th>(.*?)</tr>') FROM normfreeze.report(:x) AS page;
ROLLBACK;

-- drift that was recorded
SELECT normfreeze.record_drift(:x, p, 'all <b>of</b> it') FROM (SELECT normfreeze.profile(t, :x) AS p FROM test_report.t) AS live;
SELECT normfreeze.record_drift(:x, p) IS NULL FROM (SELECT normfreeze.profile(t, :x) AS p FROM test_report.t WHERE id < 5) AS live;
SELECT replace(regexp_replace(test_report.words(normfreeze.report(:x), '<h3>Recorded drift</h3>(.*?)</table>'), '\d{4}-\d\d-\d\d \d\d:\d\d UTC', '(when)', 'g'), current_user, '(who)');
SELECT test_report.words(normfreeze.report(:f), '<h3>Recorded drift</h3>(.*?)</p>');

-- errors
SELECT normfreeze.report(:x, NULL);
SELECT normfreeze.report('nobody');
SELECT normfreeze.report('test_report@nowhere');
SELECT normfreeze.report(17);
SELECT normfreeze.report(NULL::text) IS NULL, normfreeze.report(NULL::bigint) IS NULL, normfreeze.report(NULL::bigint, NULL) IS NULL;
SELECT normfreeze.report(:x, (SELECT normfreeze.profile(t, ARRAY['age', 'income']) FROM test_report.t));
SELECT normfreeze.report(:x, (SELECT normfreeze.profile(t, :x) FROM test_report.t), '{"thresholds": {"age": [1, 2]}}');
SELECT normfreeze.freeze('keyed', normfreeze.by_key(k, s)) AS k FROM (SELECT (id % 2)::text AS k, normfreeze.fit(t, 'standard', '{"columns": ["age"]}') AS s FROM test_report.t GROUP BY id % 2) AS g \gset
SELECT normfreeze.report('keyed@v1');

-- each sees what he may see
CREATE ROLE regress_report_reader;
GRANT USAGE ON SCHEMA test_report TO regress_report_reader;
GRANT SELECT ON test_report.t TO regress_report_reader;
SET ROLE regress_report_reader;
SELECT normfreeze.report('test_report');
SELECT normfreeze.report(:x);
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_report_reader;
SET ROLE regress_report_reader;
SELECT test_report.words(page, '<dl class="facts">(.*?)</dl>'), test_report.words(page, '(<p class="lead.*?)<section'), test_report.words(page, '<h2 id="h-history">(.*?)</section>'),
       test_report.words(page, '<h3>Recorded drift</h3>(.*?)</p>'), test_report.words(page, '<h2 id="h-verify">(.*?)<dl'),
       test_report.count(page, '<svg class="chart"') + test_report.count(page, '<svg class="spark"') AS pictures FROM normfreeze.report('test_report') AS page;
RESET ROLE;
GRANT SELECT ON normfreeze.profiles, normfreeze.versions TO regress_report_reader;
SET ROLE regress_report_reader;
SELECT regexp_replace(test_report.words(page, '<dl class="facts">(.*?)</dl>'), '\d{4}-\d\d-\d\d \d\d:\d\d UTC by \w+', '(when and by whom)'), test_report.words(page, '(<p class="lead.*?)<section'),
       test_report.words(page, '<h2 id="h-verify">(.*?)<dl') FROM normfreeze.report('test_report', (SELECT normfreeze.profile(t, :x) FROM test_report.t)) AS page;
RESET ROLE;
DROP OWNED BY regress_report_reader;
DROP ROLE regress_report_reader;
\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA test_report CASCADE;
