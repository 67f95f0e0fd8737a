{% macro _command(sql) %}
  {% call statement('normfreeze_command', auto_begin=true) %}
    {{ sql }}
  {% endcall %}
{% endmacro %}
