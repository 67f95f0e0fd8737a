{% macro _fail_on_twice(name, first, second) %}
  {% do normfreeze._fail('two columns of the result would be named "' ~ name ~ '"'
       ~ (' (' ~ first ~ ' and ' ~ second ~ ', which PostgreSQL cuts off)' if first != second else '')
       ~ ': give a prefix, a suffix, another scaler_id_column, or a list in passthrough') %}
{% endmacro %}
