{#- A value as a string literal of SQL.  With a backslash it is E'...', which is read alike under every
    standard_conforming_strings. -#}
{% macro literal(value) %}
  {% if value is none %}
    {% do return('null') %}
  {% endif %}
  {% set text = value | string | replace("'", "''") %}
  {% if '\\' in text %}
    {% do return("E'" ~ (text | replace('\\', '\\\\')) ~ "'") %}
  {% endif %}
  {% do return("'" ~ text ~ "'") %}
{% endmacro %}


{#- adapter.quote() leaves a quote inside the name as it is. -#}
{% macro identifier(name) %}
  {% do return('"' ~ (name | string | replace('"', '""')) ~ '"') %}
{% endmacro %}


{% macro text_array(names) %}
  {% set literals = [] %}
  {% for name in names %}
    {% do literals.append(normfreeze.literal(name)) %}
  {% endfor %}
  {% do return('array[' ~ (literals | join(', ')) ~ ']::text[]') %}
{% endmacro %}


{#- The comment of a compiled statement.  It never holds a name: one with an end of comment would end it. -#}
{% macro comment(text) %}
  {% do return('/* normfreeze: ' ~ (text | replace('*/', '* /')) ~ ' */') %}
{% endmacro %}
