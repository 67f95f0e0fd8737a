{#- Rows still look like the training set of a scaler: their profile against the profile that the scaler was fitted on.

    A row of the result is a feature and a measure beyond its threshold:
      mean     the means differ by so many training deviations
      missing  the shares of missing values differ by so much
      outside  this share of the values is outside the training range
      psi      the population stability index over the training deciles -#}
{% test no_drift(model, scaler, mean=0.25, missing=0.05, outside=0.01, psi=0.25, min_rows=1000, too_few='pass') %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- do normfreeze.one_of('too_few', too_few, ['pass', 'fail']) -%}
  {%- set artifact = normfreeze.scaler_artifact(scaler) -%}
  {%- if artifact is none and normfreeze.is_building() -%}
    {%- do normfreeze.fail('scaler ' ~ scaler ~ ' does not exist: build its model first') -%}
  {%- elif artifact is none -%}
    {%- do return('select null as feature where false') -%}
  {%- endif -%}
  {%- set id = 'cast(' ~ normfreeze.literal(artifact.scaler_id) ~ ' as bigint)' -%}
  {%- set names = normfreeze.artifact_inputs(artifact) | map(attribute='name') | list %}
with live as materialized (
    select normfreeze.profile(src, {{ id }}) as profile, count(*) as row_count from (select * from {{ model }}) as src
),
live_features as (
    select d.feature, d.n + d.infinite as n, d.nulls + d.nans as missing, d.mean
    from live cross join lateral normfreeze.describe(live.profile) as d
),
evidence as materialized (
    select normfreeze.profile_of({{ id }}) as profile
),
training as materialized (
    select d.feature, d.n, d.missing, d.mean, d.std, d.min, d.max, d.quantiles is not null as has_quantiles
    from normfreeze.describe({{ id }}) as d where not d.is_target
),
{#- the quantiles of the quantile method are those of the training set: a thousand, or all values if they are fewer, stand
    for its distribution -#}
training_quantiles as materialized (
    select d.feature, array(select q::double precision from jsonb_array_elements_text(d.parameters -> 'quantiles') as q) as quantiles
    from evidence cross join lateral normfreeze.describe(
        case when exists (select from training where has_quantiles)
            then normfreeze.fit(evidence.profile, 'quantile', '{"quantiles": "histogram"}') end) as d
),
{#- different deciles only: a value that makes up a third of the rows is three deciles at once -#}
edges as materialized (
    select t.feature, array(select distinct t.quantiles[1 + k * (cardinality(t.quantiles) - 1) / 10] from generate_series(0, 10) as k order by 1) as edges
    from training_quantiles as t
),
counts as (
    select v.feature, width_bucket(v.x, coalesce(e.edges, array[0::double precision])) as bin, count(*) as n,
        count(*) filter (where v.x < t.min or v.x > t.max) as outside
    from (select * from {{ model }}) as src
    cross join lateral (values {% for name in names %}
        ({{ normfreeze.literal(name) }}, {{ normfreeze.as_double('src.' ~ normfreeze.identifier(name)) }}){{ ',' if not loop.last }}{% endfor %}
    ) as v(feature, x)
    join training as t on t.feature = v.feature
    left join edges as e on e.feature = v.feature
    where v.x <> 'NaN'
    group by v.feature, bin
),
outside as (
    select feature, sum(outside) / sum(n) as share from counts group by feature
),
expected as (
    select e.feature, width_bucket(q, e.edges) as bin, count(*) as n
    from edges as e join training_quantiles as t on t.feature = e.feature cross join lateral unnest(t.quantiles) as q
    group by e.feature, bin
),
bins as (
    {#- an empty bin counts as one in ten thousand, or its logarithm would be infinite -#}
    select feature,
        greatest(coalesce(e.n, 0) / sum(e.n) over w, 1e-4) as expected,
        greatest(coalesce(c.n, 0) / sum(c.n) over w, 1e-4) as observed
    from expected as e full join counts as c using (feature, bin)
    where feature in (select edges.feature from edges) and feature in (select counts.feature from counts)
    window w as (partition by feature)
),
stability as (
    select feature, sum((observed - expected) * ln(observed / expected))::double precision as psi from bins group by feature
),
measures as (
    select t.feature, m.measure, m.value, m.threshold, live.row_count
    from training as t
    join live_features as n on n.feature = t.feature
    cross join live
    left join outside as o on o.feature = t.feature
    left join stability as s on s.feature = t.feature
    cross join lateral (values
        ('mean', abs(n.mean - t.mean) / nullif(t.std, 0), cast({{ mean }} as double precision)),
        ('missing', abs(n.missing / (n.n + n.missing)::double precision - t.missing / (t.n + t.missing)::double precision), {{ missing }}),
        ('outside', o.share::double precision, {{ outside }}),
        ('psi', s.psi, {{ psi }})
    ) as m(measure, value, threshold)
)
select feature, measure, value, threshold, row_count from measures
where value > threshold and row_count >= {{ min_rows }}
union all
select null, 'the scaler has no training profile', null, null, null from evidence where profile is null
{%- if too_few == 'fail' %}
union all
select null, 'too few rows', row_count, {{ min_rows }}, row_count from live where row_count < {{ min_rows }}
{%- endif %}
{% endtest %}


{#- A column of any type that a feature may have, whatever it is. -#}
{% macro as_double(column) %}
  {% do return("cast(case cast(" ~ column ~ " as text) when 'true' then '1' when 'false' then '0' else cast(" ~ column
               ~ ' as text) end as double precision)') %}
{% endmacro %}
