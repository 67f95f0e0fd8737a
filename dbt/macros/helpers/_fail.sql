{% macro _fail(message) %}
  {% do exceptions.raise_compiler_error('normfreeze: ' ~ message) %}
{% endmacro %}
