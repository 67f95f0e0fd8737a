{#- SELECT list and FROM, one line each. -#}
{% macro _select_of(expressions, from) %}
  {% do return('select\n    ' ~ ((expressions or ['null']) | join(',\n    ')) ~ '\nfrom ' ~ from) %}
{% endmacro %}
