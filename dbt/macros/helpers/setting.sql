{#- What the user said: an argument, else the config of the model, else the config's meta (where dbt 1.10 and later
    want the keys they do not know), else the project's var normfreeze_<name>. -#}
{% macro setting(name, argument=none, default=none) %}
  {% set meta = config.get('meta') or {} %}
  {% if argument is not none %}
    {% do return(argument) %}
  {% elif name in meta %}
    {% do return(meta[name]) %}
  {% elif config.get(name) is not none %}
    {% do return(config.get(name)) %}
  {% endif %}
  {% do return(var('normfreeze_' ~ name, default)) %}
{% endmacro %}


{% macro one_of(name, value, allowed) %}
  {% if value not in allowed %}
    {% do normfreeze.fail(name ~ ' is "' ~ value ~ '", and must be one of: ' ~ (allowed | join(', '))) %}
  {% endif %}
  {% do return(value) %}
{% endmacro %}


{% macro is_empty_run() %}
  {% do return(flags.EMPTY is defined and flags.EMPTY) %}
{% endmacro %}


{#- `flags` has no SAMPLE (dbt 1.10 to 1.12), though it has EMPTY. -#}
{% macro is_sample_run() %}
  {% do return(invocation_args_dict.get('sample') is not none) %}
{% endmacro %}


{#- Does this command build, or does it only look (compile, docs, show, list)?  What is not there yet is an error in
    the first case alone. -#}
{% macro is_building() %}
  {% do return(flags.WHICH in ['run', 'build', 'test', 'retry', 'run-operation', 'snapshot'] and not normfreeze.is_empty_run()) %}
{% endmacro %}
