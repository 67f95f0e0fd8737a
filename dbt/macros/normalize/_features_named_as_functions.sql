{#- Where the relation has no column count, PostgreSQL takes src.count for count(src): such features are looked for in the row, which
    says that it has none. -#}
{% macro _features_named_as_functions(relation, features) %}
  {% set present = normfreeze._columns_of(relation).keys() | list %}
  {% set unknown = features | reject('in', present) | list %}
  {% if not unknown %}
    {% do return([]) %}
  {% endif %}
  {% set stored = normfreeze._stored_names(unknown) %}
  {% set rows = normfreeze._query('select distinct p.proname::text as name from pg_catalog.pg_proc as p where p.proname::text = any (' ~ normfreeze._text_array(stored)
       ~ ") and p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1 and p.proargtypes[0] in ('record'::regtype, '\"any\"'::regtype,"
       ~ " 'anyelement'::regtype, 'anynonarray'::regtype, 'anycompatible'::regtype, 'anycompatiblenonarray'::regtype)") %}
  {% set functions = rows | map(attribute='name') | list %}
  {% set found = [] %}
  {% for feature in unknown %}
    {% if stored[loop.index0] in functions %}
      {% do found.append(feature) %}
    {% endif %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}
