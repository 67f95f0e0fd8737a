{% macro _write_scaler_row(relation, select) %}
  {% set columns = normfreeze._scaler_table_columns().keys() | join(', ') %}
  {% if normfreeze._present_scaler(relation) is none %}
    {% do normfreeze._command('insert into ' ~ relation ~ ' (' ~ columns ~ ')\n' ~ select) %}
  {% else %}
    {% do normfreeze._command('update ' ~ relation ~ ' set (' ~ columns ~ ') = (' ~ select ~ ')') %}
  {% endif %}
{% endmacro %}
