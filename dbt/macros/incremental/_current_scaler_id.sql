{% macro _current_scaler_id(scaler, name=none, version=none) %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% if kind == 'artifact' %}
    {% do return(normfreeze._scaler_artifact(scaler).scaler_id) %}
  {% elif kind == 'relation' %}
    {% set there = normfreeze._readable(scaler) %}
    {% if there is none %}
      {% do return(none) %}
    {% endif %}
    {% if 'scaler_id' not in normfreeze._columns_of(there) %}
      {#- a seed has the id inside the JSON -#}
      {% do return(normfreeze._scaler_artifact(scaler, name, version).scaler_id) %}
    {% endif %}
    {% set rows = normfreeze._query('select scaler_id::text as id from ' ~ there.render()) %}
    {% do return(rows[0].id if rows else none) %}
  {% elif not normfreeze._scaler_is_there(scaler, kind) %}
    {% do return(none) %}
  {% endif %}
  {% do return(normfreeze._query('select ' ~ normfreeze._scaler_id_sql(scaler, kind) ~ '::text as id')[0].id) %}
{% endmacro %}
