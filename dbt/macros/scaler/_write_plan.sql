{#- With --empty there is nothing to fit.  A row that names the features alone lets the models downstream be built
    empty, with the columns they will have. -#}
{% macro _write_plan(relation, training, view_name) %}
  {% set options = fromjson(training.options) %}
  {% set exclude = normfreeze._as_list(options.get('exclude')) + normfreeze._as_list(options.get('target')) %}
  {% set types = normfreeze._columns_in_catalog(view_name) %}
  {% set features = options.get('columns') or types.keys() | list %}
  {% if features == 'numeric' %}
    {% set features = [] %}
    {% for name, type in types.items() if type.split('(')[0] in ['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'boolean'] %}
      {% do features.append(name) %}
    {% endfor %}
  {% endif %}
  {% set select %}
select {{ normfreeze._literal(training.name) }}, null::integer, null::bigint, null,
    {{ normfreeze._literal(tojson(features | reject('in', exclude) | list)) }}, null::normfreeze.scaler, null, null, {{ normfreeze._literal(invocation_id) }}, now()
  {%- endset %}
  {% do normfreeze._write_scaler_row(relation, select) %}
{% endmacro %}
