{#- Rounded to float4. -#}
{% macro _inline_real(x) %}
  {% do return('cast(cast(' ~ x ~ ' as real) as double precision)') %}
{% endmacro %}
