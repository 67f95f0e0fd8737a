{#- dbt run-operation normfreeze.import --args '{relation: frozen_scalers}'
    Freezes every artifact of a seed (or model) with the columns name, version, artifact, in the order of versions.  What
    is there already stays; ids are the same everywhere, versions are local labels.  An edited artifact is refused. -#}
{% macro import(relation, name=none, as_name=none) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('import') %}
  {% if as_name is not none and name is none %}
    {% do normfreeze._fail('as_name gives one scaler another name: say which with name') %}
  {% endif %}
  {% set rows = normfreeze._query('select name, version::text as version, artifact::text as artifact from ' ~ ref(relation).render()
       ~ (' where name = ' ~ normfreeze._literal(name) if name is not none else '') ~ ' order by name, version::integer') %}
  {% if not rows %}
    {% do normfreeze._fail(relation ~ ' has no artifact' ~ (' of name ' ~ name if name is not none else '')) %}
  {% endif %}
  {% set news = [] %}
  {% for row in rows %}
    {% set local_name = as_name or row.name %}
    {% set freeze = 'select normfreeze.freeze(' ~ normfreeze._literal(local_name) ~ ', s.scaler, '
         ~ normfreeze._literal('imported from ' ~ relation ~ ': ' ~ row.name ~ ' v' ~ row.version)
         ~ ', keep_profile => ' ~ ('false' if 'unseen' in fromjson(row.artifact, {}) else 'normfreeze.profile_of(s.scaler) is not null') ~ ')::text as id from (select '
         ~ normfreeze._literal(row.artifact) ~ '::normfreeze.scaler as scaler where true offset 0) as s' %}
    {% set id = normfreeze._query(freeze)[0].id %}
    {% set version = normfreeze._query('select version::text as version from normfreeze.versions where name = '
         ~ normfreeze._literal(local_name) ~ ' and scaler_id = ' ~ id)[0].version %}
    {% do news.append(row.name ~ ' v' ~ row.version ~ ': scaler_id ' ~ id ~ ', here ' ~ local_name ~ ' v' ~ version) %}
  {% endfor %}
  {% do adapter.commit() %}
  {% for line in news %}
    {% do log(line, info=true) %}
  {% endfor %}
{% endmacro %}
