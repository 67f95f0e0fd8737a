{% macro _text_array(names) %}
  {% set literals = [] %}
  {% for name in names %}
    {% do literals.append(normfreeze._literal(name)) %}
  {% endfor %}
  {% do return('array[' ~ (literals | join(', ')) ~ ']::text[]') %}
{% endmacro %}
