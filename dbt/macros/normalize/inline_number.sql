{% macro inline_number(value) %}
  {#- of a set of scalers by key, where it is in a column -#}
  {% if value is mapping %}
    {{ return(value.column) }}
  {% endif %}
  {{ return(adapter.dispatch('inline_number', 'normfreeze')(value)) }}
{% endmacro %}


{% macro default__inline_number(value) %}
  {% set digits = normfreeze._number_text(value) %}
  {% if digits is none %}
    {% do normfreeze._fail('the artifact holds ' ~ value ~ ' where a number is expected') %}
  {% endif %}
  {#- in quotes: a bare literal would be numeric, and the shortest digits are read back to the same double -#}
  {% do return("cast('" ~ digits ~ "' as double precision)") %}
{% endmacro %}
