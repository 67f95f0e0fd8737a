{#- What the user said: an argument, else the config of the model, else the config's meta (where dbt 1.10 and later
    want the keys they do not know), else the project's var normfreeze_<name>. -#}
{% macro _setting(name, argument=none, default=none) %}
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
