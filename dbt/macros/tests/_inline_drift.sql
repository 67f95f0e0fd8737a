{#- no_drift without the extension: the same bins and measures (docs/drift.md) in plain SQL.  The evidence, which
    normfreeze.export wrote beside the artifact, has of each feature the bins of drift_bins() with the counts of the
    training set. -#}
{% macro _inline_drift(model, scaler, name, version, fail_at, given, epsilon, min_rows, too_few) %}
  {% set evidence = normfreeze._drift_evidence(scaler, name, version) %}
  {% if evidence is none %}
    {% do return('select null as feature where false') %}
  {% endif %}
  {% set level = 0 if fail_at == 'moderate' else 1 %}
  {% set thresholds = [] %}
  {% for measure, pair in normfreeze._usual_drift_thresholds().items() %}
    {% set pair = given[measure] if measure in given else pair %}
    {% if pair is not none and pair[level] is not none %}
      {% do thresholds.append('(' ~ normfreeze._literal(measure) ~ ', ' ~ normfreeze.inline_number(pair[level]) ~ ')') %}
    {% endif %}
  {% endfor %}
  {% if not thresholds %}
    {% do normfreeze._fail('no measure has a threshold: nothing can fail') %}
  {% endif %}
  {% set features = [] %}
  {% set values = [] %}
  {% for feature in evidence.features %}
    {% do features.append('(' ~ normfreeze._literal(feature.name) ~ ', ' ~ normfreeze.inline_number(feature.mean) ~ ', '
         ~ normfreeze.inline_number(feature.std) ~ ', ' ~ normfreeze._double_array(feature.lower) ~ ', '
         ~ normfreeze.inline_number(feature.upper) ~ ', ' ~ normfreeze._double_array(feature.counts) ~ ')') %}
    {% do values.append('(' ~ normfreeze._literal(feature.name) ~ ', ' ~ normfreeze.as_double('src.' ~ normfreeze._identifier(feature.name)) ~ ')') %}
  {% endfor %}
  {% set statement %}
with training(feature, mean, std, lower, upper, counts) as materialized (
    values {{ features | join(',\n        ') }}
),
{#- bin 0 is what is below, bin n what is above the training range, n + 1 what is missing -#}
counts as materialized (
    select t.feature, b.bin, count(*) as n, count(*) filter (where f.finite) as finite,
        sum(f.x) as total, sum(f.x * f.x) as squares
    from (select * from {{ model }}) as src
    cross join lateral (values {{ values | join(',\n        ') }}) as v(feature, x)
    join training as t on t.feature = v.feature
    cross join lateral (select v.x is not null and v.x not in ('NaN', 'Infinity', '-Infinity') as finite,
        {#- in deviations from the mean: so squares lose nothing that matters; and they must not overflow -#}
        case when v.x not in ('NaN', 'Infinity', '-Infinity') then (greatest(least(v.x, 1e140), -1e140) - t.mean) / case when t.std > 0 then t.std else 1 end end as x) as f
    cross join lateral (select case
        when v.x is null or v.x = 'NaN' then cardinality(t.lower) + 2
        when v.x > t.upper then cardinality(t.lower) + 1
        else width_bucket(v.x, t.lower) end as bin) as b
    group by t.feature, b.bin
),
bins as (
    select t.feature, e.expected / sum(e.expected) over w as expected, coalesce(c.n, 0) / nullif(sum(c.n) over w, 0) as observed,
        e.bin - 1 as bin, cardinality(t.lower) as nbins, coalesce(c.n, 0) as n
    from training as t
    cross join lateral unnest(t.counts) with ordinality as e(expected, bin)
    left join counts as c on c.feature = t.feature and c.bin = e.bin - 1
    window w as (partition by t.feature)
),
binned as (
    select feature, sum(n) as row_count,
        sum((greatest(observed, {{ epsilon }}) - greatest(expected, {{ epsilon }}))
            * ln(greatest(observed, {{ epsilon }}) / greatest(expected, {{ epsilon }}))) as psi,
        sum(observed) filter (where bin = nbins + 2) - sum(expected) filter (where bin = nbins + 2) as missing,
        sum(n) filter (where bin in (0, nbins + 1)) / nullif(sum(n) filter (where bin <= nbins + 1), 0) as outside
    from bins group by feature
),
moments as (
    select feature, sum(finite) as n, sum(total) / nullif(sum(finite), 0) as shift,
        sum(squares) / nullif(sum(finite), 0) - (sum(total) / nullif(sum(finite), 0)) ^ 2 as ratio
    from counts group by feature
),
measures as (
    select b.feature, m.measure, cast(m.value as double precision) as value, b.row_count
    from binned as b
    join training as t on t.feature = b.feature
    left join moments as s on s.feature = b.feature
    cross join lateral (values
        ('psi', cast(b.psi as double precision)),
        {#- a constant that has another value now is infinitely many deviations away -#}
        ('mean_shift', case when t.std > 0 then s.shift when s.shift <> 0 then 'Infinity' else 0 end),
        ('variance_ratio', case when t.std > 0 then greatest(s.ratio, 0) when s.ratio > 0 then 'Infinity' else 1 end),
        ('missing', b.missing),
        ('outside', b.outside)
    ) as m(measure, value)
),
thresholds(measure, threshold) as (
    values {{ thresholds | join(', ') }}
),
row_counts as (
    select count(*) as n from (select * from {{ model }}) as src
)
select m.feature, m.measure, m.value, t.threshold, {{ normfreeze._literal(fail_at) }} as verdict, m.row_count
from measures as m join thresholds as t on t.measure = m.measure
where m.row_count >= {{ min_rows }}
    and case m.measure when 'variance_ratio' then m.value >= t.threshold or m.value <= 1 / t.threshold else abs(m.value) >= t.threshold end
    {%- if too_few == 'fail' %}
union all
select null, 'too few rows', n, {{ min_rows }}, null, n from row_counts where n < {{ min_rows }}
    {%- endif %}
  {%- endset %}
  {% do return(statement) %}
{% endmacro %}
