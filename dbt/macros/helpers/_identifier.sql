{#- adapter.quote() leaves a quote inside the name as it is. -#}
{% macro _identifier(name) %}
  {% do return('"' ~ (name | string | replace('"', '""')) ~ '"') %}
{% endmacro %}
