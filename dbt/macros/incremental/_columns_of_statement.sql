{#- Names and types of a statement's columns, in order.  The statement is not run, and what its header does is undone, since
    dbt runs that again. -#}
{% macro _columns_of_statement(sql, in_transaction) %}
  {% set header = config.get('sql_header') or '' %}
  {% if header and not in_transaction %}
    {% do normfreeze._fail('sql_header needs a dbt that runs the statements of a model in one transaction, and this one, ' ~ dbt_version ~ ', does not') %}
  {% endif %}
  {% do normfreeze._command('savepoint normfreeze_statement' if in_transaction else 'drop view if exists pg_temp.normfreeze_statement') %}
  {% do normfreeze._command(header ~ '\ncreate temporary view normfreeze_statement as (\n' ~ sql ~ '\n)') %}
  {% set found = normfreeze._columns_in_catalog('pg_temp.normfreeze_statement') %}
  {% do normfreeze._command('rollback to savepoint normfreeze_statement; release savepoint normfreeze_statement' if in_transaction
                            else 'drop view pg_temp.normfreeze_statement') %}
  {% do return(found) %}
{% endmacro %}
