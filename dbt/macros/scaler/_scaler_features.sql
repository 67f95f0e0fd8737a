{#- The features that normalize() asks for, in the order of its results; none if the scaler is not there yet. -#}
{% macro _scaler_features(scaler, columns=none) %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% set there = normfreeze._readable(scaler) %}
    {% if there is none and scaler.is_cte and columns %}
      {#- a unit test's scaler without a real one: what is asked for is what there is; the statement checks it -#}
      {% do return(columns) %}
    {% elif there is none %}
      {% do return(none) %}
    {% endif %}
    {% set sql = 'select feature_names as names from ' ~ there.render() ~ ' limit 1' %}
  {% elif not normfreeze._scaler_is_there(scaler, kind) %}
    {% do return(none) %}
  {% else %}
    {% set sql = 'select to_json(normfreeze.feature_names(' ~ normfreeze._scaler_id_sql(scaler, kind) ~ '))::text as names' %}
  {% endif %}
  {% set rows = normfreeze._query(sql) %}
  {% if not rows %}
    {% do return(none) %}
  {% elif rows[0].names is none %}
    {% do normfreeze._fail('scaler ' ~ scaler
         ~ ' was fitted to arrays and has no names of features, which rows are matched by; fit it to rows, or with '
         ~ 'the option "names"') %}
  {% endif %}
  {% do return(fromjson(rows[0].names)) %}
{% endmacro %}
