{#- A column of the one row that holds an artifact; none if there is none. -#}
{% macro _column_of_artifact(relation, column, name, version) %}
  {% set there = normfreeze._readable(relation) %}
  {% if there is none %}
    {% do return(none) %}
  {% endif %}
  {% if column not in normfreeze._columns_of(relation) %}
    {% do normfreeze._fail(there ~ ' has no column "' ~ column ~ '", so it is no scaler model and no seed of artifacts') %}
  {% endif %}
  {% set conditions = ['artifact is not null'] %}
  {% if name is not none %}
    {% do conditions.append('name = ' ~ normfreeze._literal(name)) %}
  {% endif %}
  {% if version is not none %}
    {% do conditions.append('version::text = ' ~ normfreeze._literal(version)) %}
  {% endif %}
  {% set rows = normfreeze._query('select ' ~ column ~ '::text as value from ' ~ there.render() ~ ' where ' ~ (conditions | join(' and '))) %}
  {% if rows | length > 1 %}
    {% do normfreeze._fail(there ~ ' has ' ~ (rows | length) ~ ' artifacts that fit; choose one with name and version') %}
  {% endif %}
  {% do return(rows[0].value if rows else none) %}
{% endmacro %}
