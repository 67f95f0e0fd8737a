{#- `flags` has no SAMPLE (dbt 1.10 to 1.12), though it has EMPTY. -#}
{% macro _is_sample_run() %}
  {% do return(invocation_args_dict.get('sample') is not none) %}
{% endmacro %}
