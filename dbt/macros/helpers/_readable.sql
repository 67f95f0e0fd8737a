{#- Where a relation can be read while compiling; none if it is not there (yet). -#}
{% macro _readable(relation) %}
  {% if relation.is_cte %}
    {% do return(normfreeze._node_of_cte(relation).relation) %}
  {% endif %}
  {% do return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) %}
{% endmacro %}
