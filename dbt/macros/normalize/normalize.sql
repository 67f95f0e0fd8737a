{#- The normalized rows of a relation, as a complete SELECT: the body of a model, a CTE or a subquery. -#}
{% macro normalize(relation, scaler, columns=none, passthrough='*', prefix='', suffix='', scaler_id_column='scaler_id',
                   mode='extension', where=none, name=none, version=none, on_scaler_change=none) %}
  {% if not execute %}
    {#- parsing: relations are not known yet, but hooks can be added -#}
    {% if model is defined and model.resource_type == 'model' %}
      {% do config(pre_hook='{{ normfreeze.rebuild_if_marked() }}') %}
    {% endif %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze.one_of('mode', mode, ['extension', 'inline']) %}
  {% if columns is not none %}
    {% set columns = normfreeze.as_list(columns) %}
  {% endif %}

  {% set features = none %}
  {% set artifact = normfreeze.scaler_artifact(scaler, name, version) if mode == 'inline' else none %}
  {% if mode == 'inline' %}
    {% if artifact is not none %}
      {% set features = normfreeze.artifact_inputs(artifact) | map(attribute='name') | list %}
    {% elif normfreeze.is_relation(scaler) and 'feature_names' in normfreeze.columns_of(scaler) %}
      {#- a scaler model that --empty has built: its features are known before its numbers -#}
      {% set features = normfreeze.scaler_features(scaler) %}
    {% endif %}
  {% else %}
    {% set features = normfreeze.scaler_features(scaler, columns) %}
  {% endif %}
  {% set there = features is not none and (mode == 'extension' or artifact is not none) %}
  {% if not there and normfreeze.is_building() %}
    {% do normfreeze.fail('scaler ' ~ scaler ~ ' does not exist: build its model first (dbt build does), or load its seed') %}
  {% endif %}
  {% for column in columns or [] if features is not none and column not in features %}
    {% do normfreeze.fail('"' ~ column ~ '" in columns is not a feature of scaler ' ~ scaler ~ ', which has: ' ~ (features | join(', '))) %}
  {% endfor %}

  {% set outputs = [] %}
  {% for feature in columns or features or [] %}
    {% do outputs.append({'feature': feature, 'name': prefix ~ feature ~ suffix}) %}
  {% endfor %}
  {% set kept = normfreeze.kept_columns(relation, passthrough, outputs | map(attribute='name') | list, scaler_id_column, prefix or suffix) %}

  {% if not there %}
    {% set body = normfreeze.placeholder_select(relation, outputs, kept, scaler_id_column) %}
  {% elif mode == 'inline' %}
    {% set body = normfreeze.inline_select(relation, artifact, outputs, kept, scaler_id_column) %}
  {% else %}
    {% set body = normfreeze.extension_select(relation, scaler, features, outputs, kept, scaler_id_column) %}
  {% endif %}
  {% if where %}
    {% set body = body ~ '\nwhere (' ~ where ~ ')' %}
  {% endif %}
  {% if there %}
    {% set body = normfreeze.rebuild_mark(scaler, scaler_id_column, on_scaler_change, name, version, outputs) ~ body %}
  {% endif %}
  {% do return(body) %}
{% endmacro %}


{#- The columns that pass through, as an expression each. -#}
{% macro kept_columns(relation, passthrough, taken, scaler_id_column, renamed) %}
  {% if passthrough == '*' %}
    {% set present = normfreeze.columns_of(relation).keys() | list %}
    {% set names = present if renamed else present | reject('in', taken) | list %}
    {#- a relation that is not there yet has no columns to leave out -#}
    {% set unknown = normfreeze.is_relation(relation) and not relation.is_cte %}
    {% if not present and (renamed or unknown) %}
      {% do return(['src.*']) %}
    {% elif not present %}
      {% set cte = relation.identifier | replace('__dbt__cte__', '') if normfreeze.is_relation(relation) else relation %}
      {% do normfreeze.fail('the columns of "' ~ cte
           ~ '", which is a CTE here, cannot be known while compiling, so passthrough="*" cannot leave out the features; give a list, as in '
           ~ 'passthrough=["id"], or a prefix') %}
    {% endif %}
  {% else %}
    {% set names = normfreeze.as_list(passthrough) %}
  {% endif %}
  {% set taken_too = taken + ([scaler_id_column] if scaler_id_column else []) %}
  {% set kept = [] %}
  {% for column in names %}
    {% if column in taken_too %}
      {% do normfreeze.fail('two columns of the result would be named "' ~ column
           ~ '": give a prefix, a suffix, another scaler_id_column, or a list in passthrough') %}
    {% endif %}
    {% do kept.append('src.' ~ normfreeze.identifier(column)) %}
  {% endfor %}
  {% do return(kept) %}
{% endmacro %}


{#- SELECT list and FROM, one line each. -#}
{% macro select_of(expressions, from) %}
  {% do return('select\n    ' ~ ((expressions or ['null']) | join(',\n    ')) ~ '\nfrom ' ~ from) %}
{% endmacro %}


{#- What compiles where the scaler is not there yet: the columns that are known, typed. -#}
{% macro placeholder_select(relation, outputs, kept, scaler_id_column) %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% do expressions.append('cast(null as double precision) as ' ~ normfreeze.identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append('cast(null as bigint) as ' ~ normfreeze.identifier(scaler_id_column)) %}
  {% endif %}
  {% do return(normfreeze.comment('the scaler does not exist yet, so NULLs stand for its results') ~ '\n'
               ~ normfreeze.select_of(expressions, normfreeze.rows_as(relation, 'src'))) %}
{% endmacro %}
