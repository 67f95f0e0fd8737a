{#- Names and types of a statement's columns, in order.  The statement is not run, and what its header does is undone, since
    dbt runs that again. -#}
{% macro _columns_of_statement(sql) %}
  {% do normfreeze._command('savepoint normfreeze_statement') %}
  {% do normfreeze._command((config.get('sql_header') or '') ~ '\ncreate temporary view normfreeze_statement as (\n' ~ sql ~ '\n)') %}
  {% set found = normfreeze._columns_in_catalog('pg_temp.normfreeze_statement') %}
  {% do normfreeze._command('rollback to savepoint normfreeze_statement; release savepoint normfreeze_statement') %}
  {% do return(found) %}
{% endmacro %}
