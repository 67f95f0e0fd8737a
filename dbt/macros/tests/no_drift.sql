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
  {%- do normfreeze._one_of('fail_at', fail_at, ['moderate', 'major']) -%}
  {%- do normfreeze._one_of('too_few', too_few, ['pass', 'fail']) -%}
  {%- do normfreeze._one_of('mode', mode, ['extension', 'inline']) -%}
  {%- for argument, value in {'bins': bins, 'epsilon': epsilon, 'alpha': alpha, 'min_rows': min_rows}.items() -%}
    {%- if value is not none and (value is not number or value is boolean) -%}
      {%- do normfreeze._fail(argument ~ ' is ' ~ value ~ ', and must be a number') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set thresholds = normfreeze._drift_thresholds({'psi': psi, 'mean_shift': mean_shift, 'variance_ratio': variance_ratio,
                                                    'missing': missing, 'outside': outside}) -%}
  {%- if mode == 'inline' -%}
    {%- do return(normfreeze._inline_drift(model, scaler, scaler_name, scaler_version, fail_at, thresholds,
                                          epsilon if epsilon is not none else 0.0001,
                                          min_rows if min_rows is not none else 1000, too_few)) -%}
  {%- endif -%}
  {%- do normfreeze._require_extension('no_drift', 'mode: inline, with a seed that has the column evidence') -%}
  {%- set id = normfreeze._scaler_id_now(scaler, scaler_name, scaler_version) -%}
  {%- if id is none -%}
    {%- do return('select null as feature where false') -%}
  {%- endif -%}
with live as materialized (
    select normfreeze.profile(src.*, {{ id }}) as profile, count(*) as row_count from (select * from {{ model }}) as src
),
judged as (
    {#- the profile of no rows is NULL, which drift() refuses -#}
    select d.* from (select * from live where row_count >= {{ [min_rows or 1, 1] | max }} offset 0) as enough
    cross join lateral normfreeze.drift({{ id }}, enough.profile, {{ normfreeze._drift_options(thresholds, bins, epsilon, alpha) }}) as d
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
