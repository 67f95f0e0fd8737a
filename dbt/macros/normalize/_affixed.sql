{% macro _affixed(features, affixes) %}
  {% set names = [] %}
  {% for feature in features %}
    {% do names.append(affixes[0] ~ feature ~ affixes[1]) %}
  {% endfor %}
  {% do return(names) %}
{% endmacro %}
