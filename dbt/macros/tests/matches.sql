{#- Stored columns still are, bit for bit, what a frozen scaler makes of the raw values.

    raw: the relation that has the raw columns, joined by key; without it the model has both, under different names.
    scaler: without it, each row is held against the scaler of its own scaler_id. -#}
{% test matches(model, scaler=none, raw=none, key=none, columns=none, prefix='', suffix='', scaler_id_column='scaler_id') %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- if raw is none and not (prefix or suffix) -%}
    {%- do normfreeze.fail('matches needs raw (a relation with the raw columns) and key; or a prefix or suffix that '
         ~ 'tells the normalized columns from the raw ones') -%}
  {%- elif raw is not none and not key -%}
    {%- do normfreeze.fail('matches needs key: the column, or columns, that the model and raw have in common, unique in raw') -%}
  {%- endif -%}
  {%- set keys = normfreeze.as_list(key) -%}
  {%- set features = normfreeze.as_list(columns) or normfreeze.features_to_match(model, scaler, scaler_id_column) -%}
  {%- if not features or normfreeze.is_empty_run() -%}
    {#- no row names a scaler, or nothing is there yet: nothing to compare -#}
    {%- do return('select null as feature where false') -%}
  {%- endif -%}
  {%- set using = normfreeze.scaler_expression(scaler, 'stored', scaler_id_column) -%}
  {%- set pairs = [] -%}
  {%- for feature in features -%}
    {%- do pairs.append('(' ~ normfreeze.literal(feature) ~ ', cast(stored.' ~ normfreeze.identifier(prefix ~ feature
         ~ suffix) ~ ' as double precision))') -%}
  {%- endfor -%}
  {%- set joined -%}
    {%- for column in keys -%}
      {{ ' and ' if not loop.first }}raw.{{ normfreeze.identifier(column) }} = stored.{{ normfreeze.identifier(column) }}
    {%- endfor -%}
  {%- endset -%}
select
    {% for column in keys %}stored.{{ normfreeze.identifier(column) }}, {% endfor %}
    o.feature, o.observed, z.v[array_position(z.names, o.feature)] as expected
from (select * from {{ model }}) as stored
{%- if raw is not none %}
left join (select * from {{ raw }}) as raw on {{ joined }}
{%- endif %}
cross join lateral (
    select normfreeze.normalize({{ 'raw' if raw is not none else 'stored' }}.*, {{ using }}) as v, normfreeze.feature_names({{ using }}) as names offset 0
) as z
cross join lateral (values {{ pairs | join(', ') }}) as o(feature, observed)
{#- the bits: = takes -0 for 0.  A raw row that is missing is nothing to match either. -#}
where float8send(o.observed) is distinct from float8send(z.v[array_position(z.names, o.feature)])
{%- if raw is not none %}
    or raw.{{ normfreeze.identifier(keys[0]) }} is null
{%- endif %}
    or array_position(z.names, o.feature) is null
{% endtest %}


{#- The scaler of a row, for the arguments of normalize() and feature_names(). -#}
{% macro scaler_expression(scaler, alias, scaler_id_column) %}
  {% if scaler is none %}
    {% do return(alias ~ '.' ~ normfreeze.identifier(scaler_id_column)) %}
  {% endif %}
  {% set kind = normfreeze.kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% do return('(select normfreeze.bare(s.scaler) from ' ~ scaler.render() ~ ' as s)') %}
  {% elif kind == 'artifact' %}
    {% do return('(select ' ~ normfreeze.literal(scaler) ~ '::normfreeze.scaler)') %}
  {% endif %}
  {% do return('(select ' ~ normfreeze.scaler_id_sql(scaler, kind) ~ ')') %}
{% endmacro %}


{#- Without a scaler: the features of all scalers that the rows name. -#}
{% macro features_to_match(model, scaler, scaler_id_column) %}
  {% if scaler is not none %}
    {% set features = normfreeze.scaler_features(scaler) %}
    {% if features is none and normfreeze.is_building() %}
      {% do normfreeze.fail('scaler ' ~ scaler ~ ' does not exist: build its model first') %}
    {% endif %}
    {% do return(features or []) %}
  {% endif %}
  {% if not normfreeze.is_building() and (not normfreeze.is_relation(model) or normfreeze.readable(model) is none) %}
    {% do return([]) %}
  {% endif %}
  {% set rows = normfreeze.query('select distinct n.name from (select distinct ' ~ normfreeze.identifier(scaler_id_column) ~ ' as id from '
       ~ '(select * from ' ~ model ~ ') as m) as i, unnest(normfreeze.feature_names(i.id)) as n(name) order by 1') %}
  {% do return(rows | map(attribute='name') | list) %}
{% endmacro %}
