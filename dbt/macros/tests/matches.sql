{#- Stored columns still are, bit for bit, what a frozen scaler makes of the raw values.

    raw: the relation that has the raw columns, joined by key; without it the model has both, under different names.
    scaler: without it, each row is held against the scaler of its own scaler_id. -#}
{% test matches(model, scaler=none, raw=none, key=none, columns=none, prefix='', suffix='', scaler_id_column='scaler_id') %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- do normfreeze._require_extension('matches', 'the test probes_agree, on the seed of artifacts') -%}
  {%- if raw is none and not (prefix or suffix) -%}
    {%- do normfreeze._fail('matches needs raw (a relation with the raw columns) and key; or a prefix or suffix that '
         ~ 'tells the normalized columns from the raw ones') -%}
  {%- elif raw is not none and not key -%}
    {%- do normfreeze._fail('matches needs key: the column, or columns, that the model and raw have in common, unique in raw') -%}
  {%- endif -%}
  {%- set keys = normfreeze._as_list(key) -%}
  {%- set features = normfreeze._as_list(columns) or normfreeze._features_to_match(model, scaler, scaler_id_column) -%}
  {%- if not features or normfreeze._is_empty_run() -%}
    {#- no row names a scaler, or nothing is there yet: nothing to compare -#}
    {%- do return('select null as feature where false') -%}
  {%- endif -%}
  {%- set using = normfreeze._scaler_expression(scaler, 'stored', scaler_id_column) -%}
  {%- set pairs = [] -%}
  {%- for feature in features -%}
    {%- do pairs.append('(' ~ normfreeze._literal(feature) ~ ', cast(stored.' ~ normfreeze._identifier(prefix ~ feature
         ~ suffix) ~ ' as double precision))') -%}
  {%- endfor -%}
  {%- set joined -%}
    {%- for column in keys -%}
      {{ ' and ' if not loop.first }}raw.{{ normfreeze._identifier(column) }} = stored.{{ normfreeze._identifier(column) }}
    {%- endfor -%}
  {%- endset -%}
select
    {% for column in keys %}stored.{{ normfreeze._identifier(column) }}, {% endfor %}
    o.feature, o.observed, z.v[array_position(z.names, o.feature)] as expected
from (select * from {{ model }}) as stored
{%- if raw is not none %}
left join (select * from {{ raw }}) as raw on {{ joined }}
{%- endif %}
cross join lateral (
    select normfreeze.normalize({{ 'raw' if raw is not none else 'stored' }}.*, {{ using }}) as v, normfreeze.feature_names({{ using }}) as names where true offset 0
) as z
cross join lateral (values {{ pairs | join(', ') }}) as o(feature, observed)
{#- the bits: = takes -0 for 0.  A raw row that is missing is nothing to match either. -#}
where float8send(o.observed) is distinct from float8send(z.v[array_position(z.names, o.feature)])
{%- if raw is not none %}
    or raw.{{ normfreeze._identifier(keys[0]) }} is null
{%- endif %}
    or array_position(z.names, o.feature) is null
{% endtest %}
