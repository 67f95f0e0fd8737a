{#- A column of any type that a feature may have, whatever it is. -#}
{% macro as_double(column) %}
  {{ return(adapter.dispatch('as_double', 'normfreeze')(column)) }}
{% endmacro %}


{% macro default__as_double(column) %}
  {% do return("cast(case cast(" ~ column ~ " as text) when 'true' then '1' when 'false' then '0' else cast(" ~ column
               ~ ' as text) end as double precision)') %}
{% endmacro %}
