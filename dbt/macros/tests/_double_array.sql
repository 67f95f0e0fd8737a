{% macro _double_array(numbers) %}
  {% set literals = [] %}
  {% for number in numbers %}
    {% do literals.append(normfreeze.inline_number(number)) %}
  {% endfor %}
  {% do return('array[' ~ (literals | join(', ')) ~ ']::double precision[]') %}
{% endmacro %}
