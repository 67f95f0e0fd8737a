{% macro _fail_on_column(name, type, why) %}
  {% do normfreeze._fail('column "' ~ name ~ '" of ' ~ this ~ ' is of type ' ~ type ~ ', ' ~ why ~ ': run this model with --full-refresh') %}
{% endmacro %}
