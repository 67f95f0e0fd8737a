{#- A value as a string literal of SQL.  With a backslash it is E'...', which is read alike under every
    standard_conforming_strings. -#}
{% macro _literal(value) %}
  {% if value is none %}
    {% do return('null') %}
  {% endif %}
  {% set text = value | string | replace("'", "''") %}
  {% if '\\' in text %}
    {% do return("E'" ~ (text | replace('\\', '\\\\')) ~ "'") %}
  {% endif %}
  {% do return("'" ~ text ~ "'") %}
{% endmacro %}
