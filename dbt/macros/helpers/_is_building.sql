{#- Does this command build, or does it only look (compile, docs, show, list)?  What is not there yet is an error in
    the first case alone. -#}
{% macro _is_building() %}
  {% do return(flags.WHICH in ['run', 'build', 'test', 'retry', 'run-operation', 'snapshot'] and not normfreeze._is_empty_run()) %}
{% endmacro %}
