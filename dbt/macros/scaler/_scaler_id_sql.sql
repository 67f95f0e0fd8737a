{% macro _scaler_id_sql(scaler, kind) %}
  {% if kind == 'id' %}
    {% do return('cast(' ~ normfreeze._literal(scaler) ~ ' as bigint)') %}
  {% endif %}
  {% do return('normfreeze.scaler_id(' ~ normfreeze._literal(scaler | trim) ~ ')') %}
{% endmacro %}
