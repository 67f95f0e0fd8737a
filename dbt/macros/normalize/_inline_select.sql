{#- The same arithmetic as plain SQL with the constants of an artifact, for servers without the extension: the policies on
    a value, the formula, the policies on the result, as in src/core/scaler/transform.c.  Each stage is a subquery, so that an
    expression is written once; the column of feature i is x<i> in each. -#}
{% macro _inline_select(relation, artifact, outputs, kept, scaler_id_column) %}
  {% do normfreeze._assert_inline_artifact(artifact) %}
  {% set inputs = normfreeze._artifact_inputs(artifact) %}
  {% set types = normfreeze._columns_of(relation) %}
  {% set values = [] %}
  {% set prepared = [] %}
  {% set computed = [] %}
  {% set positions = {} %}
  {% for feature in inputs %}
    {% set x = 'x' ~ loop.index %}
    {% do positions.update({feature.name: loop.index}) %}
    {% do values.append(normfreeze._inline_value(feature, types.get(feature.name)) ~ ' as ' ~ x) %}
    {% do prepared.append(normfreeze._inline_prepare(feature, 'a.' ~ x) ~ ' as ' ~ x) %}
    {% do computed.append(normfreeze._inline_formula(feature, 'b.' ~ x) ~ ' as ' ~ x) %}
  {% endfor %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% set position = positions[output.feature] %}
    {% do expressions.append(normfreeze._inline_finish(inputs[position - 1], 'c.x' ~ position) ~ ' as ' ~ normfreeze._identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append('cast(' ~ normfreeze._literal(artifact.scaler_id) ~ ' as bigint) as ' ~ normfreeze._identifier(scaler_id_column)) %}
  {% endif %}
  {% do return(normfreeze._select_of(expressions, normfreeze._rows_as(relation, 'src'))
      ~ '\ncross join lateral (select ' ~ (values | join(',\n    ')) ~ ') as a'
      ~ '\ncross join lateral (select ' ~ (prepared | join(',\n    ')) ~ ') as b'
      ~ '\ncross join lateral (select ' ~ (computed | join(',\n    ')) ~ ') as c') %}
{% endmacro %}
