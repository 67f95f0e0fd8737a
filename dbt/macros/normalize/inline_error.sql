{#- An expression that fails if it is reached: the text holds x, so it is not evaluated before. -#}
{% macro inline_error(text, x) %}
  {{ return(adapter.dispatch('inline_error', 'normfreeze')(text, x)) }}
{% endmacro %}


{% macro default__inline_error(text, x) %}
  {% do return('cast(' ~ normfreeze._literal('normfreeze: ' ~ text) ~ ' || coalesce(' ~ x ~ "::text, 'NULL') as double precision)") %}
{% endmacro %}
