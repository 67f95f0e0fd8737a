{% macro _columns_in_catalog(relation) %}
  {% set rows = normfreeze._query('select a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type '
       ~ 'from pg_catalog.pg_attribute as a where a.attrelid = ' ~ normfreeze._literal(relation)
       ~ '::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped order by a.attnum') %}
  {% set found = {} %}
  {% for row in rows %}
    {% do found.update({row.name: row.type}) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}
