{#- NULL for null; numbers and "NaN", "Infinity", "-Infinity": an array of these as a literal. -#}
{% macro _probe_numbers(row) %}
  {% set numbers = [] %}
  {% for value in row %}
    {% do numbers.append('NULL' if value is none else normfreeze._number_text(value) or value) %}
  {% endfor %}
  {% do return(normfreeze._inline_array(numbers)) %}
{% endmacro %}
