{% macro _as_list(value) %}
  {% if value is none %}
    {% do return([]) %}
  {% endif %}
  {% do return([value] if value is string else value | list) %}
{% endmacro %}
