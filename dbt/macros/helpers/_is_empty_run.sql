{% macro _is_empty_run() %}
  {% do return(flags.EMPTY is defined and flags.EMPTY) %}
{% endmacro %}
