{#- The features of a scaler that is known by its id: from the relation of artifacts that the scaler is in, else from the
    registry; none if neither knows it, or may be read. -#}
{% macro _features_of_id(scaler, id) %}
  {% set there = normfreeze._readable(scaler) if normfreeze._is_relation(scaler) else none %}
  {% if there is not none and 'artifact' in normfreeze._columns_of(there) %}
    {% for row in normfreeze._query('select artifact::text as artifact from ' ~ there.render() ~ ' where strpos(artifact::text, '
                                   ~ normfreeze._literal('"' ~ id ~ '"') ~ ') > 0') %}
      {% set artifact = fromjson(row.artifact, {}) %}
      {% if artifact.scaler_id == id %}
        {% do return(normfreeze._artifact_inputs(artifact) | map(attribute='name') | list) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {% set may = "select (case when to_regclass('normfreeze.scalers') is null then false else has_schema_privilege('normfreeze', 'USAGE')"
       ~ " and has_table_privilege('normfreeze.scalers', 'SELECT') end)::text as may" %}
  {% if normfreeze._query(may)[0].may == 'true' %}
    {% for row in normfreeze._query('select to_json(normfreeze.feature_names(scaler_id))::text as names from normfreeze.scalers where scaler_id = '
                                   ~ normfreeze._scaler_id_sql(id, 'id')) if row.names is not none %}
      {% do return(fromjson(row.names)) %}
    {% endfor %}
  {% endif %}
  {% do return(none) %}
{% endmacro %}
