{#- no_drift without the extension: the same bins and measures (docs/drift.md) in plain SQL.  The evidence, which
    normfreeze.export wrote beside the artifact, has of each feature the bins of drift_bins() with the counts of the
    training set. -#}
{% macro inline_drift(model, scaler, name, version, fail_at, given, epsilon, min_rows, too_few) %}
  {% set evidence = normfreeze.drift_evidence(scaler, name, version) %}
  {% if evidence is none %}
    {% do return('select null as feature where false') %}
  {% endif %}
  {% set level = 0 if fail_at == 'moderate' else 1 %}
  {% set thresholds = [] %}
  {% for measure, pair in normfreeze.usual_drift_thresholds().items() %}
    {% set pair = given[measure] if measure in given else pair %}
    {% if pair is not none and pair[level] is not none %}
      {% do thresholds.append('(' ~ normfreeze.literal(measure) ~ ', ' ~ normfreeze.inline_number(pair[level]) ~ ')') %}
    {% endif %}
  {% endfor %}
  {% if not thresholds %}
    {% do normfreeze.fail('no measure has a threshold: nothing can fail') %}
  {% endif %}
  {% set features = [] %}
  {% set values = [] %}
  {% for feature in evidence.features %}
    {% do features.append('(' ~ normfreeze.literal(feature.name) ~ ', ' ~ normfreeze.inline_number(feature.mean) ~ ', '
         ~ normfreeze.inline_number(feature.std) ~ ', ' ~ normfreeze.double_array(feature.lower) ~ ', '
         ~ normfreeze.inline_number(feature.upper) ~ ', ' ~ normfreeze.double_array(feature.counts) ~ ')') %}
    {% do values.append('(' ~ normfreeze.literal(feature.name) ~ ', ' ~ normfreeze.as_double('src.' ~ normfreeze.identifier(feature.name)) ~ ')') %}
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
select m.feature, m.measure, m.value, t.threshold, {{ normfreeze.literal(fail_at) }} as verdict, m.row_count
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


{#- Those of drift(): moderate, major. -#}
{% macro usual_drift_thresholds() %}
  {% do return({'psi': [0.1, 0.25], 'mean_shift': [0.2, 0.5], 'variance_ratio': [2, 4], 'missing': [0.05, 0.2], 'outside': [0.01, 0.05]}) %}
{% endmacro %}


{#- The evidence of a seed that normfreeze.export wrote with evidence: true; none if the seed is not there yet. -#}
{% macro drift_evidence(scaler, name, version) %}
  {% if not normfreeze.is_relation(scaler) %}
    {% do normfreeze.fail('with mode=\'inline\', no_drift takes the seed that normfreeze.export wrote with evidence: true') %}
  {% endif %}
  {% set there = normfreeze.readable(scaler) %}
  {% if there is none and normfreeze.is_building() %}
    {% do normfreeze.fail(scaler ~ ' does not exist: dbt seed') %}
  {% elif there is none %}
    {% do return(none) %}
  {% elif 'evidence' not in normfreeze.columns_of(scaler) %}
    {% do normfreeze.fail(scaler ~ ' has no column evidence: export it with evidence: true') %}
  {% endif %}
  {% set text = normfreeze.column_of_artifact(scaler, 'evidence', name, version) %}
  {% set evidence = fromjson(text, none) if text else none %}
  {% if evidence is none or evidence.get('evidence_format') != 1 %}
    {% do normfreeze.fail(scaler ~ ' has no evidence that this version of the package reads: export it with evidence: true') %}
  {% endif %}
  {% do return(evidence) %}
{% endmacro %}


{% macro double_array(numbers) %}
  {% set literals = [] %}
  {% for number in numbers %}
    {% do literals.append(normfreeze.inline_number(number)) %}
  {% endfor %}
  {% do return('array[' ~ (literals | join(', ')) ~ ']::double precision[]') %}
{% endmacro %}


{#- A column of any type that a feature may have, whatever it is. -#}
{% macro as_double(column) %}
  {% do return("cast(case cast(" ~ column ~ " as text) when 'true' then '1' when 'false' then '0' else cast(" ~ column
               ~ ' as text) end as double precision)') %}
{% endmacro %}
