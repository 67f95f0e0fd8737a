{#- The steps before the last one, each with its clipping, and the last one. -#}
{% macro _inline_formula(feature, x) %}
  {% set done = namespace(sql=x) %}
  {% for step in feature.before or [] %}
    {% set done.sql = normfreeze._inline_clip(step, normfreeze._inline_step(feature.name, step, done.sql)) %}
  {% endfor %}
  {% do return(normfreeze._inline_step(feature.name, feature, done.sql)) %}
{% endmacro %}
