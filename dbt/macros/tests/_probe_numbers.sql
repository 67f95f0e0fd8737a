{#- NULL for null; numbers and "NaN", "Infinity", "-Infinity". -#}
{% macro _probe_numbers(row) %}
  {% set numbers = [] %}
  {% for value in row %}
    {% do numbers.append('cast(' ~ (normfreeze._literal(value) if value is not none else 'null') ~ ' as double precision)') %}
  {% endfor %}
  {% do return(numbers) %}
{% endmacro %}
