{#- The rows of a query, as dicts, in the transaction of the node.  Results are best cast to text in SQL: agate, which
    dbt reads them with, guesses types otherwise. -#}
{% macro _query(sql) %}
  {% call statement('normfreeze_query', fetch_result=true, auto_begin=true) %}
    {{ sql }}
  {% endcall %}
  {% set rows = [] %}
  {% for row in load_result('normfreeze_query').table.rows %}
    {% do rows.append(row.dict()) %}
  {% endfor %}
  {% do return(rows) %}
{% endmacro %}
