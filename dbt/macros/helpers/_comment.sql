{#- The comment of a compiled statement.  It never holds a name: one with an end of comment would end it. -#}
{% macro _comment(text) %}
  {% do return('/* normfreeze: ' ~ (text | replace('*/', '* /')) ~ ' */') %}
{% endmacro %}
