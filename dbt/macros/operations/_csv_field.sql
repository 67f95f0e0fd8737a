{% macro _csv_field(text) %}
  {% do return('"' ~ (text | replace('"', '""')) ~ '"') %}
{% endmacro %}
