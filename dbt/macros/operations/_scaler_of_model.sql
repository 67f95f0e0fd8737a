{% macro _scaler_of_model(model) %}
  {% set rows = normfreeze._query('select name, scaler_id::text as scaler_id from ' ~ ref(model).render()) %}
  {% if not rows or rows[0].scaler_id is none %}
    {% do normfreeze._fail('model ' ~ model ~ ' has no fitted scaler yet: dbt run --select ' ~ model) %}
  {% endif %}
  {% do return(rows[0]) %}
{% endmacro %}
