{#- The normalized rows of a relation, as a complete SELECT: the body of a model, a CTE or a subquery. -#}
{% macro normalize(relation, scaler, columns=none, passthrough='*', prefix='', suffix='', scaler_id_column='scaler_id',
                   mode='extension', where=none, name=none, version=none, on_scaler_change=none) %}
  {% if not execute %}
    {#- parsing: relations are not known yet, but hooks can be added -#}
    {% if model is defined and model.resource_type == 'model' %}
      {% do config(pre_hook='{{ normfreeze.prepare_incremental() }}') %}
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

  {% set affixes = [prefix, suffix] %}
  {% set names = normfreeze.output_names(columns or features or [], affixes) %}
  {% set outputs = [] %}
  {% for feature in columns or features or [] %}
    {% do outputs.append({'feature': feature, 'name': names[loop.index0]}) %}
  {% endfor %}
  {% do normfreeze.assert_contract_keeps(names) %}
  {% set kept_names = normfreeze.kept_columns(relation, passthrough, names, scaler_id_column, prefix or suffix, features or []) %}
  {% set kept = [] %}
  {% for name in kept_names or [] %}
    {% do kept.append('src.' ~ normfreeze.identifier(name)) %}
  {% endfor %}
  {% if kept_names is none %}
    {% do kept.append('src.*') %}
  {% endif %}

  {% if not there %}
    {% set body = normfreeze.placeholder_select(relation, outputs, kept, scaler_id_column) %}
  {% elif mode == 'inline' %}
    {% set body = normfreeze.inline_select(relation, artifact, outputs, kept, scaler_id_column) %}
  {% else %}
    {% set body = normfreeze.extension_select(relation, scaler, features, outputs, kept, scaler_id_column) %}
  {% endif %}
  {#- --empty adds no rows to those that are there, whatever the relation is -#}
  {% set conditions = (['false'] if normfreeze.is_empty_run() and model.resource_type == 'model' and is_incremental() else [])
                      + (['(' ~ where ~ ')'] if where else []) %}
  {% if conditions %}
    {% set body = body ~ '\nwhere ' ~ (conditions | join(' and ')) %}
  {% endif %}
  {% if there %}
    {% set uncertain = [] if columns or passthrough != '*' else normfreeze.uncertain_columns(relation, kept_names, names, prefix or suffix) %}
    {% set body = normfreeze.incremental_mark(scaler, scaler_id_column, on_scaler_change, name, version, names,
                                              normfreeze.output_names(features, affixes), columns, affixes, uncertain) ~ body %}
  {% endif %}
  {% do return(body) %}
{% endmacro %}


{#- The names of normalized columns, as PostgreSQL stores them.  Two that it would cut off to the same name are an error. -#}
{% macro output_names(features, affixes) %}
  {% set asked = normfreeze.affixed(features, affixes) %}
  {% set stored = normfreeze.stored_names(asked) %}
  {% set seen = {} %}
  {% for name in stored %}
    {% if name in seen %}
      {% do normfreeze.fail_on_twice(name, seen[name], asked[loop.index0]) %}
    {% endif %}
    {% do seen.update({name: asked[loop.index0]}) %}
  {% endfor %}
  {% do return(stored) %}
{% endmacro %}


{% macro affixed(features, affixes) %}
  {% set names = [] %}
  {% for feature in features %}
    {% do names.append(affixes[0] ~ feature ~ affixes[1]) %}
  {% endfor %}
  {% do return(names) %}
{% endmacro %}


{% macro has_affixes(name, affixes) %}
  {% do return(name.startswith(affixes[0]) and name.endswith(affixes[1])) %}
{% endmacro %}


{% macro fail_on_twice(name, first, second) %}
  {% do normfreeze.fail('two columns of the result would be named "' ~ name ~ '"'
       ~ (' (' ~ first ~ ' and ' ~ second ~ ', which PostgreSQL cuts off)' if first != second else '')
       ~ ': give a prefix, a suffix, another scaler_id_column, or a list in passthrough') %}
{% endmacro %}


{#- The names of the columns that pass through; none for all of a relation whose columns are not known. -#}
{% macro kept_columns(relation, passthrough, taken, scaler_id_column, renamed, features) %}
  {% if passthrough == '*' %}
    {% set present = normfreeze.columns_of(relation).keys() | list %}
    {% set names = present if renamed else present | reject('in', taken) | list %}
    {#- a relation that is not there yet has no columns to leave out -#}
    {% set unknown = normfreeze.is_relation(relation) and not relation.is_cte %}
    {% if not present and (renamed or unknown) %}
      {% do return(none) %}
    {% elif not present %}
      {% set cte = relation.identifier | replace('__dbt__cte__', '') if normfreeze.is_relation(relation) else relation %}
      {% do normfreeze.fail('the columns of "' ~ cte
           ~ '", which is a CTE here, cannot be known while compiling, so passthrough="*" cannot leave out the features; give a list, as in '
           ~ 'passthrough=["id"], or a prefix') %}
    {% endif %}
    {% for name in names if not renamed and name in features %}
      {% do normfreeze.fail('feature "' ~ name ~ '" is not among the columns, so passthrough="*" would leave it raw, under its own name, beside '
           ~ 'normalized ones: give a prefix or a suffix; or a list in passthrough, which may name it') %}
    {% endfor %}
  {% else %}
    {% set names = normfreeze.as_list(passthrough) %}
  {% endif %}
  {% set taken_too = taken + ([scaler_id_column] if scaler_id_column else []) %}
  {% set stored = normfreeze.stored_names(names) %}
  {% for name in stored %}
    {% if name in taken_too or name in stored[:loop.index0] %}
      {% do normfreeze.fail_on_twice(name, name, names[loop.index0]) %}
    {% endif %}
  {% endfor %}
  {% do return(names) %}
{% endmacro %}


{#- Columns that may hold either a normalized or a raw value in rows of a scaler whose features are not known. -#}
{% macro uncertain_columns(relation, kept, outputs, renamed) %}
  {% if renamed %}
    {% do return(kept) %}
  {% endif %}
  {% set types = normfreeze.columns_of(relation) %}
  {% set found = (kept or []) | list %}
  {% for name in outputs if types.get(name) in [none, 'double precision'] %}
    {% do found.append(name) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}


{#- An enforced contract makes the table, and dbt takes real for what it calls FLOAT, so it would round without a word. -#}
{% macro assert_contract_keeps(outputs) %}
  {% if model is not defined or model.resource_type != 'model' or not (config.get('contract') or {}).enforced %}
    {% do return(none) %}
  {% endif %}
  {% for name, column in model.columns.items() if name in outputs %}
    {% set type = (column.data_type or '') | lower | trim %}
    {% if type in ['real', 'float4'] or modules.re.match('float\\s*\\(\\s*([1-9]|1[0-9]|2[0-4])\\s*\\)$', type) %}
      {% do normfreeze.fail('the contract of ' ~ model.name ~ ' gives column "' ~ name ~ '" the type ' ~ column.data_type
           ~ ', to which normalized values would be rounded: write data_type: double precision') %}
    {% endif %}
  {% endfor %}
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
