{#- Without a scaler: the features of all scalers that the rows name. -#}
{% macro _features_to_match(model, scaler, scaler_id_column) %}
  {% if scaler is not none %}
    {% set features = normfreeze._scaler_features(scaler) %}
    {% if features is none and normfreeze._is_building() %}
      {% do normfreeze._fail('scaler ' ~ scaler ~ ' does not exist: build its model first') %}
    {% endif %}
    {% do return(features or []) %}
  {% endif %}
  {% if not normfreeze._is_building() and (not normfreeze._is_relation(model) or normfreeze._readable(model) is none) %}
    {% do return([]) %}
  {% endif %}
  {% set rows = normfreeze._query('select distinct n.name from (select distinct ' ~ normfreeze._identifier(scaler_id_column) ~ ' as id from '
       ~ '(select * from ' ~ model ~ ') as m) as i, unnest(normfreeze.feature_names(i.id)) as n(name) order by 1') %}
  {% do return(rows | map(attribute='name') | list) %}
{% endmacro %}
