{#- The steps before the last one, each with its clipping, and the last one. -#}
{% macro _inline_formula(feature, x) %}
  {#- float32: the value and each result are rounded to real; single: the last result is -#}
  {% set dtype = feature.get('dtype', 'float64') %}
  {% set done = namespace(sql=normfreeze._inline_real(x) if dtype == 'float32' else x) %}
  {% for step in feature.before or [] %}
    {% set done.sql = normfreeze._inline_clip(step, normfreeze._inline_step(feature.name, step, done.sql, dtype)) %}
  {% endfor %}
  {% set done.sql = normfreeze._inline_step(feature.name, feature, done.sql, dtype) %}
  {% do return(normfreeze._inline_real(done.sql) if dtype == 'single' else done.sql) %}
{% endmacro %}
