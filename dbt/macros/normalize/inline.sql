{#- The same arithmetic as plain SQL with the constants of an artifact, for servers without the extension: the policies on
    a value, the formula, the policies on the result, as in src/core/scaler/transform.c.  Each stage is a subquery, so that an
    expression is written once; the column of feature i is x<i> in each. -#}
{% macro inline_select(relation, artifact, outputs, kept, scaler_id_column) %}
  {% set inputs = normfreeze.artifact_inputs(artifact) %}
  {% set types = normfreeze.columns_of(relation) %}
  {% set values = [] %}
  {% set prepared = [] %}
  {% set computed = [] %}
  {% set positions = {} %}
  {% for feature in inputs %}
    {% set x = 'x' ~ loop.index %}
    {% do positions.update({feature.name: loop.index}) %}
    {% do values.append(normfreeze.inline_value(feature, types.get(feature.name)) ~ ' as ' ~ x) %}
    {% do prepared.append(normfreeze.inline_prepare(feature, 'a.' ~ x) ~ ' as ' ~ x) %}
    {% do computed.append(normfreeze.inline_formula(feature, 'b.' ~ x) ~ ' as ' ~ x) %}
  {% endfor %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% set position = positions[output.feature] %}
    {% do expressions.append(normfreeze.inline_finish(inputs[position - 1], 'c.x' ~ position) ~ ' as ' ~ normfreeze.identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append('cast(' ~ normfreeze.literal(artifact.scaler_id) ~ ' as bigint) as ' ~ normfreeze.identifier(scaler_id_column)) %}
  {% endif %}
  {% do return(normfreeze.select_of(expressions, normfreeze.rows_as(relation, 'src'))
      ~ '\ncross join lateral (select ' ~ (values | join(',\n    ')) ~ ') as a'
      ~ '\ncross join lateral (select ' ~ (prepared | join(',\n    ')) ~ ') as b'
      ~ '\ncross join lateral (select ' ~ (computed | join(',\n    ')) ~ ') as c') %}
{% endmacro %}


{#- boolean has no cast to double precision of its own -#}
{% macro inline_value(feature, type) %}
  {% set column = 'src.' ~ normfreeze.identifier(feature.name) %}
  {% do return('cast(' ~ ('cast(' ~ column ~ ' as integer)' if type == 'boolean' else column) ~ ' as double precision)') %}
{% endmacro %}


{#- An expression that fails if it is reached: the text holds x, so it is not evaluated before. -#}
{% macro inline_error(text, x) %}
  {% do return('cast(' ~ normfreeze.literal('normfreeze: ' ~ text) ~ ' || coalesce(' ~ x ~ "::text, 'NULL') as double precision)") %}
{% endmacro %}


{% macro inline_prepare(feature, x) %}
  {% set missing = x ~ ' is null or ' ~ x ~ " = 'NaN'" %}
  {% set cases = [] %}
  {% if 'imputed' in feature %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ normfreeze.inline_number(feature.imputed)) %}
  {% elif feature.missing == 'nan' %}
    {% do cases.append('when ' ~ missing ~ " then cast('NaN' as double precision)") %}
  {% elif feature.missing == 'error' %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ normfreeze.inline_error('feature "' ~ feature.name ~ '" is missing: ', x)) %}
  {% elif feature.missing == 'keep' %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ x) %}
  {% else %}
    {% do normfreeze.fail('the artifact has an unknown policy for missing values: ' ~ feature.missing) %}
  {% endif %}
  {% if feature.outside != 'keep' %}
    {% set low = normfreeze.inline_number(feature.range[0]) %}
    {% set high = normfreeze.inline_number(feature.range[1]) %}
    {% if feature.outside == 'clip' %}
      {% do cases.append('when ' ~ x ~ ' < ' ~ low ~ ' then ' ~ low) %}
      {% do cases.append('when ' ~ x ~ ' > ' ~ high ~ ' then ' ~ high) %}
    {% elif feature.outside in ['null', 'error'] %}
      {% set then = 'null' if feature.outside == 'null' else normfreeze.inline_error('feature "' ~ feature.name
           ~ '" is outside the training range: ', x) %}
      {% do cases.append('when ' ~ x ~ ' < ' ~ low ~ ' or ' ~ x ~ ' > ' ~ high ~ ' then ' ~ then) %}
    {% else %}
      {% do normfreeze.fail('the artifact has an unknown policy for values outside the range: ' ~ feature.outside) %}
    {% endif %}
  {% endif %}
  {% if feature.missing == 'keep' and feature.outside == 'keep' %}
    {% do return(x) %}
  {% endif %}
  {% do return('case ' ~ (cases | join(' ')) ~ ' else ' ~ x ~ ' end') %}
{% endmacro %}


{% macro inline_finish(feature, y) %}
  {% if feature.constant and feature.if_constant == 'null' %}
    {% do return('cast(null as double precision)') %}
  {% endif %}
  {% if not feature.options.get('clip') %}
    {% do return(y) %}
  {% endif %}
  {% set range = feature.options.get('feature_range', [-1, 1]) %}
  {% set low = normfreeze.inline_number(range[0]) %}
  {% set high = normfreeze.inline_number(range[1]) %}
  {#- NaN, which SQL takes for the greatest number, stays -#}
  {% do return('case when ' ~ y ~ " = 'NaN' then " ~ y ~ ' when ' ~ y ~ ' < ' ~ low ~ ' then ' ~ low
               ~ ' when ' ~ y ~ ' > ' ~ high ~ ' then ' ~ high ~ ' else ' ~ y ~ ' end') %}
{% endmacro %}
