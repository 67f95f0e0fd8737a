{% macro _inline_finish(feature, y) %}
  {% if feature.constant and feature.if_constant == 'null' %}
    {% do return('cast(null as double precision)') %}
  {% endif %}
  {% do return(normfreeze._inline_clip(feature, y)) %}
{% endmacro %}
