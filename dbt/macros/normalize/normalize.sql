{#- The normalized rows of a relation, as a complete SELECT: the body of a model, a CTE or a subquery. -#}
{% macro normalize(relation, scaler, columns=none, passthrough='*', prefix='', suffix='', scaler_id_column='scaler_id',
                   mode='extension', where=none, name=none, version=none, on_scaler_change=none, by_key=none) %}
  {#- a project's own macro may know no keys -#}
  {% set keyed = {'by_key': by_key} if by_key else {} %}
  {{ return(adapter.dispatch('normalize', 'normfreeze')(relation, scaler, columns, passthrough, prefix, suffix, scaler_id_column,
                   mode, where, name, version, on_scaler_change, **keyed)) }}
{% endmacro %}


{% macro default__normalize(relation, scaler, columns, passthrough, prefix, suffix, scaler_id_column, mode, where, name, version, on_scaler_change, by_key=none) %}
  {% if not execute %}
    {#- parsing: relations are not known yet, but hooks can be added -#}
    {% if model is defined and model.resource_type == 'model' %}
      {% do config(pre_hook='{{ normfreeze._prepare_incremental() }}') %}
    {% endif %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._one_of('mode', mode, ['extension', 'inline']) %}
  {% if columns is not none %}
    {% set columns = normfreeze._as_list(columns) %}
  {% endif %}

  {% if mode == 'extension' and normfreeze._is_building() %}
    {% do normfreeze._require_extension("normalize() without mode='inline'", "a seed or macro with the scaler's artifact, and mode='inline'") %}
  {% endif %}
  {% set features = none %}
  {% set artifact = normfreeze._scaler_artifact(scaler, name, version) if mode == 'inline' else none %}
  {% if mode == 'inline' %}
    {% if artifact is not none %}
      {% set features = normfreeze._artifact_inputs(artifact) | map(attribute='name') | list %}
    {% elif normfreeze._is_relation(scaler) and 'feature_names' in normfreeze._columns_of(scaler) %}
      {#- a scaler model that --empty has built: its features are known before its numbers -#}
      {% set features = normfreeze._scaler_features(scaler) %}
    {% endif %}
  {% else %}
    {% set features = normfreeze._scaler_features(scaler, columns) %}
  {% endif %}
  {% set there = features is not none and (mode == 'extension' or artifact is not none) %}
  {% if not there and normfreeze._is_building() %}
    {% do normfreeze._fail('scaler ' ~ scaler ~ ' does not exist: build its model first (dbt build does), or load its seed') %}
  {% endif %}
  {% for column in columns or [] if features is not none and column not in features %}
    {% do normfreeze._fail('"' ~ column ~ '" in columns is not a feature of scaler ' ~ scaler ~ ', which has: ' ~ (features | join(', '))) %}
  {% endfor %}

  {% set affixes = [prefix, suffix] %}
  {% set names = normfreeze._output_names(columns or features or [], affixes) %}
  {% set outputs = [] %}
  {% for feature in columns or features or [] %}
    {% do outputs.append({'feature': feature, 'name': names[loop.index0]}) %}
  {% endfor %}
  {% do normfreeze._assert_contract_keeps(names) %}
  {% set kept_names = normfreeze._kept_columns(relation, passthrough, names, scaler_id_column, prefix or suffix, features or []) %}
  {% set kept = [] %}
  {% for name in kept_names or [] %}
    {% do kept.append('src.' ~ normfreeze._identifier(name)) %}
  {% endfor %}
  {% if kept_names is none %}
    {% do kept.append('src.*') %}
  {% endif %}

  {% if not there %}
    {% set body = normfreeze._placeholder_select(relation, outputs, kept, scaler_id_column) %}
  {% elif mode == 'inline' %}
    {% set body = normfreeze._inline_select(relation, artifact, outputs, kept, scaler_id_column, by_key) %}
  {% else %}
    {% set body = normfreeze._extension_select(relation, scaler, features, outputs, kept, scaler_id_column, by_key) %}
  {% endif %}
  {#- --empty adds no rows to those that are there, whatever the relation is -#}
  {% set conditions = (['false'] if normfreeze._is_empty_run() and model.resource_type == 'model' and is_incremental() else [])
                      + (['(' ~ where ~ ')'] if where else []) %}
  {% if conditions %}
    {% set body = body ~ '\nwhere ' ~ (conditions | join(' and ')) %}
  {% endif %}
  {% if there %}
    {% set uncertain = [] if columns or passthrough != '*' else normfreeze._uncertain_columns(relation, kept_names, names, prefix or suffix) %}
    {% set body = normfreeze._incremental_mark(scaler, scaler_id_column, on_scaler_change, name, version, names,
                                              normfreeze._output_names(features, affixes), columns, affixes, uncertain) ~ body %}
  {% endif %}
  {% do return(body) %}
{% endmacro %}
