{#- With --empty there is nothing to fit.  A row that names the features alone lets the models downstream be built
    empty, with the columns they will have. -#}
{% macro _write_plan(relation, training, view) %}
  {% set options = fromjson(training.options) %}
  {% set exclude = normfreeze._as_list(options.get('exclude')) + normfreeze._as_list(options.get('target')) %}
  {% set all_columns = adapter.get_columns_in_relation(view) | map(attribute='name') | list %}
  {% set features = options.get('columns') or all_columns %}
  {% if features == 'numeric' %}
    {% set features = [] %}
    {% for column in adapter.get_columns_in_relation(view) if column.is_number() or column.dtype == 'boolean' %}
      {% do features.append(column.name) %}
    {% endfor %}
  {% endif %}
  {% set select %}
select {{ normfreeze._literal(training.name) }}, null::integer, null::bigint, null,
    {{ normfreeze._literal(tojson(features | reject('in', exclude) | list)) }}, null::normfreeze.scaler, null, null, {{ normfreeze._literal(invocation_id) }}, now()
  {%- endset %}
  {% do normfreeze._write_scaler_row(relation, select) %}
{% endmacro %}
