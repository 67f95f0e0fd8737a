{#- Where plain SQL and the extension give other bits for the same row. -#}
{% macro disagreements(relation, scaler, key='id') %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% set features = normfreeze._scaler_features(scaler) or [] %}
  {% set pairs = [] %}
  {% for feature in features %}
    {% set column = normfreeze._identifier(feature) %}
    {% do pairs.append('(' ~ normfreeze._literal(feature) ~ ', e.' ~ column ~ ', i.' ~ column ~ ')') %}
  {% endfor %}
select e.{{ key }}::text as key, p.feature, p.extension, p.inline
from ({{ normfreeze.normalize(relation, scaler, passthrough=key) }}) as e
join ({{ normfreeze.normalize(relation, scaler, passthrough=key, mode='inline') }}) as i on i.{{ key }} = e.{{ key }} and i.scaler_id = e.scaler_id
cross join lateral (values {{ pairs | join(', ') }}) as p(feature, extension, inline)
where float8send(p.extension) is distinct from float8send(p.inline)
{% endmacro %}
