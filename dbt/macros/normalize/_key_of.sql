{#- The key of a row, as text that is compared by its bytes. -#}
{% macro _key_of(by_key) %}
  {{ return(adapter.dispatch('_key_of', 'normfreeze')(by_key)) }}
{% endmacro %}


{% macro default___key_of(by_key) %}
  {% do return('cast(src.' ~ normfreeze._identifier(by_key) ~ ' as text) collate "C"') %}
{% endmacro %}


{% macro duckdb___key_of(by_key) %}
  {% do return('cast(src.' ~ normfreeze._identifier(by_key) ~ ' as text)') %}
{% endmacro %}
