{#- Rows still look like the training set of a scaler, by normfreeze.drift(): a row of the result is a feature that has
    drifted, with the measure that decided, its value and its threshold.

    fail_at: the verdict that fails.  psi, mean_shift, variance_ratio, missing, outside: a threshold for it, [moderate,
    major], or false for never; none: that of drift(), as of bins, epsilon and alpha.

    mode='inline' does without the extension: measures in plain SQL, against what normfreeze.export wrote with
    evidence: true (scaler: the seed).  It has no significance tests, and so needs min_rows. -#}
{% test no_drift(model, scaler, fail_at='major', psi=none, mean_shift=none, variance_ratio=none, missing=none, outside=none,
                 bins=none, epsilon=none, alpha=none, min_rows=none, too_few='pass', mode='extension', scaler_name=none,
                 scaler_version=none) %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- do normfreeze.one_of('fail_at', fail_at, ['moderate', 'major']) -%}
  {%- do normfreeze.one_of('too_few', too_few, ['pass', 'fail']) -%}
  {%- do normfreeze.one_of('mode', mode, ['extension', 'inline']) -%}
  {%- for argument, value in {'bins': bins, 'epsilon': epsilon, 'alpha': alpha, 'min_rows': min_rows}.items() -%}
    {%- if value is not none and (value is not number or value is boolean) -%}
      {%- do normfreeze.fail(argument ~ ' is ' ~ value ~ ', and must be a number') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set thresholds = normfreeze.drift_thresholds({'psi': psi, 'mean_shift': mean_shift, 'variance_ratio': variance_ratio,
                                                    'missing': missing, 'outside': outside}) -%}
  {%- if mode == 'inline' -%}
    {%- do return(normfreeze.inline_drift(model, scaler, scaler_name, scaler_version, fail_at, thresholds,
                                          epsilon if epsilon is not none else 0.0001,
                                          min_rows if min_rows is not none else 1000, too_few)) -%}
  {%- endif -%}
  {%- set id = normfreeze.scaler_id_now(scaler, scaler_name, scaler_version) -%}
  {%- if id is none -%}
    {%- do return('select null as feature where false') -%}
  {%- endif -%}
with live as materialized (
    select normfreeze.profile(src.*, {{ id }}) as profile, count(*) as row_count from (select * from {{ model }}) as src
),
judged as (
    {#- the profile of no rows is NULL, which drift() refuses -#}
    select d.* from (select * from live where row_count >= {{ [min_rows or 1, 1] | max }} offset 0) as enough
    cross join lateral normfreeze.drift({{ id }}, enough.profile, {{ normfreeze.drift_options(thresholds, bins, epsilon, alpha) }}) as d
)
select feature, decided_by as measure,
    case decided_by when 'psi' then psi when 'mean_shift' then mean_shift when 'variance_ratio' then variance_ratio
        when 'missing' then live_missing - reference_missing when 'outside' then outside end as value,
    threshold, verdict, worst_bin, reason, live_rows as row_count
from judged
where verdict in ({{ "'major'" if fail_at == 'major' else "'moderate', 'major'" }})
{%- if too_few == 'fail' %}
union all
select feature, 'too few rows', null, null, verdict, null, reason, live_rows from judged where verdict is null
union all
select null, 'too few rows', row_count, {{ [min_rows or 1, 1] | max }}, null, null, null, row_count from live
where row_count < {{ [min_rows or 1, 1] | max }}
{%- endif %}
{% endtest %}


{#- The id of a scaler as SQL; none if it is not there yet and this is no build. -#}
{% macro scaler_id_now(scaler, name=none, version=none) %}
  {% set artifact = normfreeze.scaler_artifact(scaler, name, version) %}
  {% if artifact is none and normfreeze.is_building() %}
    {% do normfreeze.fail('scaler ' ~ scaler ~ ' does not exist: build its model first') %}
  {% elif artifact is none %}
    {% do return(none) %}
  {% endif %}
  {% do return('cast(' ~ normfreeze.literal(artifact.scaler_id) ~ ' as bigint)') %}
{% endmacro %}


{#- What was given for each measure, as drift() takes it: a pair, or none for never. -#}
{% macro drift_thresholds(given) %}
  {% set thresholds = {} %}
  {% for measure, value in given.items() if value is not none %}
    {% if value is sameas false %}
      {% do thresholds.update({measure: none}) %}
    {% elif value is number and value is not boolean and value > 0 %}
      {% do thresholds.update({measure: [value, value]}) %}
    {% elif value is sequence and value is not string and value | length == 2 %}
      {% do thresholds.update({measure: value | list}) %}
    {% else %}
      {% do normfreeze.fail(measure ~ ' is ' ~ value ~ ', and must be a number above 0, [moderate, major], or false for never') %}
    {% endif %}
  {% endfor %}
  {% do return(thresholds) %}
{% endmacro %}


{#- Options of drift() as a constant of SQL. -#}
{% macro drift_options(thresholds={}, bins=none, epsilon=none, alpha=none) %}
  {% set options = {} %}
  {% if thresholds %}
    {% do options.update({'thresholds': thresholds}) %}
  {% endif %}
  {% for key, value in {'bins': bins, 'epsilon': epsilon, 'alpha': alpha}.items() if value is not none %}
    {% do options.update({key: value}) %}
  {% endfor %}
  {% do return('cast(' ~ normfreeze.literal(tojson(options)) ~ ' as jsonb)') %}
{% endmacro %}
