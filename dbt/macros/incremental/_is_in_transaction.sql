{#- Are the statements of a model one transaction?  Those of dbt 2.0 (alpha 4) are each one of its own. -#}
{% macro _is_in_transaction() %}
  {% set id = 'select pg_catalog.txid_current()::text as id' %}
  {% do return(normfreeze._query(id)[0].id == normfreeze._query(id)[0].id) %}
{% endmacro %}
