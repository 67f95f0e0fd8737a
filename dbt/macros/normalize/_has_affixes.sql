{% macro _has_affixes(name, affixes) %}
  {% do return(name.startswith(affixes[0]) and name.endswith(affixes[1])) %}
{% endmacro %}
