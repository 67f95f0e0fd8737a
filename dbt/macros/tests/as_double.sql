{#- A column of any type that a feature may have, whatever it is. -#}
{% macro as_double(column) %}
  {{ return(adapter.dispatch('as_double', 'normfreeze')(column)) }}
{% endmacro %}


{#- real: the digits of its text are those of another double -#}
{% macro default__as_double(column) %}
  {% set text = 'cast(' ~ column ~ ' as text)' %}
  {% do return("case when pg_typeof(" ~ column ~ ") = 'real'::regtype then cast(cast(" ~ text ~ " as real) as double precision) else cast(case "
               ~ text ~ " when 'true' then '1' when 'false' then '0' else " ~ text ~ ' end as double precision) end') %}
{% endmacro %}
