{#- The text of an array of numbers, which are texts themselves, as a literal. -#}
{% macro _inline_array(numbers) %}
  {{ return(adapter.dispatch('_inline_array', 'normfreeze')(numbers)) }}
{% endmacro %}


{% macro default___inline_array(numbers) %}
  {% do return("'{" ~ (numbers | join(',')) ~ "}'") %}
{% endmacro %}


{% macro duckdb___inline_array(numbers) %}
  {% do return("'[" ~ (numbers | join(',')) ~ "]'") %}
{% endmacro %}
