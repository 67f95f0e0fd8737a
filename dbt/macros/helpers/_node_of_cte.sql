{#- Behind the CTE of an ephemeral model or of a unit test's input stands a node: its relation in the database, if it
    is there, and the columns its properties name. -#}
{% macro _node_of_cte(relation) %}
  {% set name = relation.identifier | replace('__dbt__cte__', '') %}
  {% set nodes = (graph.nodes or {}).values() | list + (graph.sources or {}).values() | list %}
  {% for node in nodes if node.resource_type in ['model', 'seed', 'snapshot', 'source'] and name in [node.alias, node.identifier, node.name] %}
    {% do return({'relation': adapter.get_relation(database=node.database, schema=node.schema, identifier=name),
                  'columns': node.columns.keys() | list}) %}
  {% endfor %}
  {#- in a unit test the graph is empty: the schema of the model; or the one custom schema of the target that has the
      name; or, as with --defer, any other, if all that have the name have the same columns -#}
  {% set found = normfreeze._query(
       "select n.nspname as name, (case when n.nspname = " ~ normfreeze._literal(model.schema) ~ " then 'own' when starts_with(n.nspname, "
       ~ normfreeze._literal(target.schema) ~ ") then 'near' else 'far' end) as place, (select string_agg(quote_ident(a.attname) || ' ' || a.atttypid, ', '"
       ~ " order by a.attnum) from pg_catalog.pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns"
       ~ ' from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where c.relname = '
       ~ normfreeze._literal(name) ~ " and c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' order by 2 desc, 1") %}
  {% set own = found | selectattr('place', 'equalto', 'own') | list %}
  {% set near = found | selectattr('place', 'equalto', 'near') | list %}
  {% set alike = found if found | map(attribute='columns') | unique | list | length == 1 else [] %}
  {% for row in own or (near if near | length == 1 else alike) %}
    {% do return({'relation': adapter.get_relation(database=model.database, schema=row.name, identifier=name), 'columns': []}) %}
  {% endfor %}
  {% do return({'relation': none, 'columns': []}) %}
{% endmacro %}
