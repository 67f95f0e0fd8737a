{#- boolean has no cast to double precision of its own -#}
{% macro _inline_value(feature, type) %}
  {% set column = 'src.' ~ normfreeze._identifier(feature.name) %}
  {% do return('cast(' ~ ('cast(' ~ column ~ ' as integer)' if type == 'boolean' else column) ~ ' as double precision)') %}
{% endmacro %}
